#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>
#include <QTemporaryDir>

namespace sandglass {

/// A folder of programs that comes first in PATH as long as it lives.
class Programs
{
public:
    Programs() { qputenv("PATH", QFile::encodeName(m_folder.path()) + ':' + m_path); }
    ~Programs() { qputenv("PATH", m_path); }
    Programs(const Programs &) = delete;
    Programs &operator=(const Programs &) = delete;

    /// False when it cannot be written.
    [[nodiscard]] bool add(const QString &name, const QByteArray &script) const
    {
        QFile file(path(name));
        return file.open(QIODevice::WriteOnly) && file.write("#!/bin/sh\n" + script) > 0
            && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
    }
    [[nodiscard]] QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    QByteArray m_path = qgetenv("PATH");
};

} // namespace sandglass
