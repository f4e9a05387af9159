#pragma once

void RegisterDense();
