#include "ui/durationedit.h"

#include "models/valuewords.h"
#include "ui/comboname.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
constexpr qint64 freeChoice = -1;
constexpr qint64 secondsPerDay = 86'400;

/// The presets, which ascend but for a 0 at either end, and what is chosen at its place.
QList<qint64> withChosen(QList<qint64> presets, qint64 chosen)
{
    if (presets.contains(chosen))
        return presets;
    auto place = std::find_if(
        presets.begin(), presets.end(), [chosen](qint64 preset) { return preset > chosen; });
    if (place == presets.end() && !presets.isEmpty() && presets.last() == 0)
        --place;
    presets.insert(place, chosen);
    return presets;
}

} // namespace

DurationEdit::DurationEdit(
    const QString &name,
    const QList<qint64> &presets,
    qint64 chosen,
    const QString &zeroText,
    QWidget *parent)
    : QWidget(parent)
    , m_preset(new QComboBox(this))
    , m_number(new QSpinBox(this))
    , m_unit(new QComboBox(this))
{
    m_preset->setObjectName(u"presetCombo"_s);
    nameCombo(m_preset, name);
    const QList<qint64> offered = withChosen(presets, chosen);
    for (const qint64 preset : offered)
        m_preset->addItem(preset == 0 ? zeroText : ttlText(preset), preset);
    m_preset->addItem(tr("Other…"), freeChoice);
    m_preset->setCurrentIndex(m_preset->findData(chosen));
    m_number->setObjectName(u"numberSpin"_s);
    m_number->setAccessibleName(tr("How many"));
    m_number->setRange(1, std::numeric_limits<int>::max());
    m_number->setValue(7);
    m_unit->setObjectName(u"unitCombo"_s);
    nameCombo(m_unit, tr("Unit"));
    m_unit->addItem(tr("seconds"), qint64(1));
    m_unit->addItem(tr("minutes"), qint64(60));
    m_unit->addItem(tr("hours"), qint64(3'600));
    m_unit->addItem(tr("days"), secondsPerDay);
    m_unit->setCurrentIndex(m_unit->findData(secondsPerDay));

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_preset);
    row->addWidget(m_number);
    row->addWidget(m_unit);
    row->addStretch(1);
    setFocusProxy(m_preset);
    setFocusPolicy(m_preset->focusPolicy()); // for the key of the label whose buddy it is
    setAccessibleName(name);

    const auto update = [this] {
        m_number->setVisible(isFree());
        m_unit->setVisible(isFree());
        Q_EMIT
        changed();
    };
    connect(m_preset, &QComboBox::currentIndexChanged, this, update);
    connect(m_number, &QSpinBox::valueChanged, this, &DurationEdit::changed);
    connect(m_unit, &QComboBox::currentIndexChanged, this, &DurationEdit::changed);
    update();
}

qint64 DurationEdit::seconds() const
{
    if (!isFree())
        return m_preset->currentData().toLongLong();
    return qint64(m_number->value()) * m_unit->currentData().toLongLong();
}

bool DurationEdit::isFree() const
{
    return m_preset->currentData().toLongLong() == freeChoice;
}

} // namespace sandglass
