#pragma once

#include "services/usecases/orphanservice.h"
#include "ui/dialogs/consoledialog.h"

class QTreeWidget;

namespace sandglass {

/// Shows the images of snapshots that the database does not know, and asks which of them go. None
/// is chosen at first.
class OrphansDialog final : public ConsoleDialog
{
    Q_OBJECT
public:
    explicit OrphansDialog(QWidget *parent = nullptr);

    /// What the engines have; until then it says that they are being asked.
    void showOrphans(const Result<QList<EngineOrphans>> &orphans);

    /// One that was chosen.
    struct Chosen
    {
        EngineName engine;
        QString imageId;
    };
    [[nodiscard]] QList<Chosen> chosen() const;

private:
    void update();

    QTreeWidget *m_images;
    FactList *m_facts;
};

} // namespace sandglass
