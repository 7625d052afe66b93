#pragma once

#include <QLoggingCategory>

// One category per folder of services, all below "sandglass.". Ids, durations and outcomes are
// logged; never bodies, never a secret.
Q_DECLARE_LOGGING_CATEGORY(netLog)
Q_DECLARE_LOGGING_CATEGORY(dockerLog)
Q_DECLARE_LOGGING_CATEGORY(storageLog)
Q_DECLARE_LOGGING_CATEGORY(operationsLog)
Q_DECLARE_LOGGING_CATEGORY(usecasesLog)
Q_DECLARE_LOGGING_CATEGORY(apiLog)
Q_DECLARE_LOGGING_CATEGORY(uiLog)
Q_DECLARE_LOGGING_CATEGORY(appLog)
