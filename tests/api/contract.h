#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

namespace sandglass {

/// The OpenAPI document, as a test asks it.
class Contract
{
public:
    /// The document as it is served; null when it is not JSON.
    explicit Contract(const QByteArray &document);

    [[nodiscard]] const QJsonObject &document() const { return m_document; }
    [[nodiscard]] QJsonObject
    call(const QString &method, const QString &pattern) const; ///< empty: there is none
    [[nodiscard]] QStringList
    queryNames(const QString &method, const QString &pattern) const; ///< sorted

    /// What is wrong with an answer by its schema: a missing or an unknown field, a wrong type, a
    /// value that is not listed, an undocumented status. Empty: nothing.
    [[nodiscard]] QString problemOf(
        const QString &method, const QString &pattern, int status, const QByteArray &body) const;

    /// References that lead nowhere, anywhere in the document.
    [[nodiscard]] QStringList danglingReferences() const;

private:
    [[nodiscard]] QString
    mismatch(const QJsonValue &value, const QJsonObject &schema, const QString &place) const;
    [[nodiscard]] QString
    objectMismatch(const QJsonObject &value, const QJsonObject &schema, const QString &place) const;
    [[nodiscard]] QJsonObject resolved(const QJsonObject &schema) const;
    void collectDangling(const QJsonValue &value, QStringList &found) const;

    QJsonObject m_document;
};

} // namespace sandglass
