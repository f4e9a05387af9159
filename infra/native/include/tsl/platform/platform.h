// tensorflow/c/kernels.h includes this. What it declares beyond a slim build needs headers that set-up does not unpack.
#define IS_SLIM_BUILD
