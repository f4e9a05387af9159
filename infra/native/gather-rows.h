#pragma once

void RegisterGatherRows();
