#include "services/core/logging.h"

Q_LOGGING_CATEGORY(netLog, "sandglass.net", QtInfoMsg)
Q_LOGGING_CATEGORY(dockerLog, "sandglass.docker", QtInfoMsg)
Q_LOGGING_CATEGORY(storageLog, "sandglass.storage", QtInfoMsg)
Q_LOGGING_CATEGORY(operationsLog, "sandglass.operations", QtInfoMsg)
Q_LOGGING_CATEGORY(usecasesLog, "sandglass.usecases", QtInfoMsg)
Q_LOGGING_CATEGORY(apiLog, "sandglass.api", QtInfoMsg)
Q_LOGGING_CATEGORY(uiLog, "sandglass.ui", QtInfoMsg)
Q_LOGGING_CATEGORY(appLog, "sandglass.app", QtInfoMsg)
