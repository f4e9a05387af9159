/** The environment of a process that trains; what the user's own says goes before it. */
export const TRAINING_ENVIRONMENT = {
  // How it wants its memory from the C library (glibc's tunables; others ignore them). Activations are large and come and
  // go at every step: with the defaults each is mapped anew, page by page, and unmapped. Kept in the heap, and in huge
  // pages, they cost Inception's step 5 % less, AlexNet's 4 %, for a tenth more memory.
  GLIBC_TUNABLES: [
    'glibc.malloc.hugetlb=1',
    'glibc.malloc.mmap_threshold=4294967296',
    'glibc.malloc.trim_threshold=4294967296',
    'glibc.malloc.top_pad=268435456',
  ].join(':'),
  // Convolutions by oneDNN also where TensorFlow does not take them by itself, on processors without AVX-512: AlexNet's
  // step takes 277 ms there instead of 491, Inception's 1,448 instead of 1,649 and half of the memory.
  TF_ENABLE_ONEDNN_OPTS: '1',
};
