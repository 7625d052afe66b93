#pragma once

#include "services/usecases/usecases.h"

class QThreadPool;

namespace sandglass {

class ConsoleData;

/// What every page works with; all of it outlives the pages.
struct PageContext
{
    UseCases useCases;
    ConsoleData &data;
    QThreadPool &pool;
    Caller caller; ///< the user at this window
};

} // namespace sandglass
