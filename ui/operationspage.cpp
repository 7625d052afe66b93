#include "ui/operationspage.h"

#include <QClipboard>
#include <QGuiApplication>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {
using OperationColumn = OperationTableModel::Column;
} // namespace

OperationsPage::OperationsPage(const PageContext &context, QWidget *parent)
    : TablePage(
        context,
        Setup{
            .name = u"operationsPage"_s,
            .title = tr("Operations"),
            .icon = IconName::Operation,
            .model = context.data.operations(),
            .stateColumn = int(OperationColumn::State),
            .sortColumn = int(OperationColumn::Started),
            .sortOrder = Qt::DescendingOrder,
            .widths = {19, 34, 26, 20, 46, 24, 20, 24, 40},
            .states =
                {{tr("Running"), StateMark::Working},
                 {tr("Waiting"), StateMark::Waiting},
                 {tr("Succeeded"), StateMark::Good},
                 {tr("Failed"), StateMark::Failed},
                 {tr("Cancelled"), StateMark::Stopped}}},
        parent)
    , m_cancel(addSelectionAction(u"cancelAction"_s, tr("&Cancel Operation"), IconName::Cancel))
    , m_copy(addSelectionAction(
          u"copyErrorAction"_s,
          tr("Copy &Error"),
          IconName::Copy,
          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C)))
{
    connect(m_cancel, &QAction::triggered, this, &OperationsPage::cancel);
    connect(m_copy, &QAction::triggered, this, &OperationsPage::copyError);
}

QList<Operation> OperationsPage::selected() const
{
    return selectedIn<Operation>(context().data.operations(), &OperationId::trusted);
}

void OperationsPage::updateActions()
{
    const QList<Operation> operations = selected();
    setAvailability(m_cancel, forCancel(operations));
    setAvailability(m_copy, forCopyError(operations));
}

Details OperationsPage::detailsOf(const QString &id) const
{
    const OperationTableModel &operations = context().data.operations();
    const Operation *operation = operations.find(OperationId::trusted(id));
    if (!operation)
        return {};
    return sandglass::detailsOf(
        *operation, operations.subjectText(*operation), context().useCases.clock.now());
}

EmptyState OperationsPage::emptyState() const
{
    return {
        IconName::Operation,
        tr("Nothing has been done yet"),
        tr("Whatever takes time is listed here with its steps, how long it took, and its error if "
           "it failed."),
        nullptr};
}

void OperationsPage::cancel()
{
    const QList<Operation> operations = selected();
    if (!forCancel(operations).isAvailable())
        return;
    run(
        tr("The operation was not cancelled."),
        [use = context().useCases, caller = context().caller, id = operations.first().id] {
            return use.operations.cancel(id, caller);
        },
        [this](const Done &) {
            Q_EMIT
            told(tr("It is asked to stop; what is half done is undone."));
        });
}

void OperationsPage::copyError()
{
    const QList<Operation> operations = selected();
    if (!forCopyError(operations).isAvailable())
        return;
    const Operation &operation = operations.first();
    QGuiApplication::clipboard()->setText(
        operation.id.text() + u' ' + context().data.operations().subjectText(operation) + u'\n'
        + operation.error);
    Q_EMIT
    told(tr("The error is in the clipboard."));
}

} // namespace sandglass
