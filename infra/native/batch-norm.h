#pragma once

// Makes BatchNormReluConcat and its gradient known to TensorFlow in this process.
void RegisterBatchNorm();
