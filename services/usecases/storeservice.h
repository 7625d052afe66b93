#pragma once

#include "services/storage/database.h"

namespace sandglass {

/// What the programs ask about the store as a whole. Any worker thread.
class StoreService
{
public:
    explicit StoreService(Database &database)
        : m_database(database)
    { }

    /// Whether it was checked before it was opened; a large one was not, so as not to wait for it.
    [[nodiscard]] bool isChecked() const { return m_database.isChecked(); }

    /// StorageDamaged with the first thing that is wrong. Reads all of it.
    [[nodiscard]] Done check() { return m_database.check(); }

private:
    Database &m_database;
};

} // namespace sandglass
