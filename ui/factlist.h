#pragma once

#include "models/roles.h"

#include <QList>
#include <QWidget>

class QVBoxLayout;

namespace sandglass {

/// One line of "icon and text" in a list of facts.
struct FactLine
{
    StateMark mark = StateMark::Note;
    QString text;

    bool operator==(const FactLine &) const = default;
};

/// Facts below each other, each with the icon of its mark; hidden while there are none.
class FactList final : public QWidget
{
    Q_OBJECT
public:
    explicit FactList(QWidget *parent = nullptr);
    void setFacts(const QList<FactLine> &facts);
    [[nodiscard]] QString text() const; ///< one fact a line

private:
    QList<FactLine> m_facts;
    QVBoxLayout *m_lines;
};

} // namespace sandglass
