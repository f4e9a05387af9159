#pragma once

// Makes WinogradConv2D and its gradients known to TensorFlow in this process, where there are kernels for its processor.
void RegisterWinograd();
