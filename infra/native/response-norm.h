#pragma once

// Makes LocalResponseNorm and its gradient known to TensorFlow in this process.
void RegisterResponseNorm();
