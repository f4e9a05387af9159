/** What a source may cost before it is known to be what it claims: headers and compression can promise anything. Each is
 *  far above any real file of these data sets, and far below what would end a worker. */

/** What is downloaded from an address that no digest is known of: CIFAR-10's archive has 0.17 GB. */
export const DOWNLOAD_BYTES = 2 * 2 ** 30;

/** One file of an archive, in memory at once: a batch of CIFAR-10 has 31 MB, ImageNet's largest image 15 MB. */
export const MEMBER_BYTES = 64 * 2 ** 20;

/** CIFAR-10's archive unpacked: 0.19 GB in its official forms, less as images. */
export const UNPACKED_BYTES = 2 * 2 ** 30;

/** Images in class folders: CIFAR-10 has 60,000. */
export const FOLDER_IMAGES = 200_000;

/** Width × height that is decoded at all: CIFAR-10's are 1,024 (and one that is a little wrong shall be named by its
 *  size), ImageNet's largest 61 million. */
export const CIFAR10_PIXELS = 2 ** 20;
export const IMAGENET_PIXELS = 100_000_000;

/** MNIST's largest file unpacked: 47 MB. */
export const IDX_BYTES = 64 * 2 ** 20;
