#include "ui/screenshots.h"

#include "ui/cleanuppage.h"
#include "ui/dialogs/consoledialog.h"
#include "ui/enginespage.h"
#include "ui/mainwindow.h"
#include "ui/registriespage.h"
#include "ui/sandboxespage.h"
#include "ui/schedulespage.h"
#include "ui/settingspage.h"
#include "ui/snapshotspage.h"

#include <QApplication>
#include <QDir>
#include <QPointer>

namespace sandglass {

using namespace std::chrono_literals;
using namespace Qt::Literals::StringLiterals;

namespace {

constexpr auto longestWait = 15s;
constexpr auto lookAgain = 50ms;
constexpr QSize pictureSize{1280, 800};

/// Something to take a picture of. `show` brings it up and returns it; nothing when the data does
/// not allow it.
struct Motif
{
    QString name;
    std::function<QWidget *()> show;
};

/// Takes the pictures one after another, each once what it shows has been loaded; deletes itself at
/// the end.
class Photographer final : public QObject
{
public:
    Photographer(
        MainWindow &window,
        const QString &folder,
        QApplication *application,
        std::function<void(const Done &)> done)
        : QObject(&window)
        , m_window(window)
        , m_application(application)
        , m_folder(folder)
        , m_done(std::move(done))
    {
        m_again.setInterval(lookAgain);
        connect(&m_again, &QTimer::timeout, this, &Photographer::look);
    }

    void start()
    {
        if (!m_folder.mkpath(u"."_s)) {
            finish(failure(ErrorKind::Storage, u"make folder %1"_s.arg(m_folder.path())));
            return;
        }
        m_window.resize(pictureSize);
        m_window.show();
        m_waited = 0ms;
        m_again.start();
    }

private:
    void look()
    {
        m_waited += lookAgain;
        if (m_waited > longestWait) {
            finish(failure(ErrorKind::TimedOut, u"take a picture of %1"_s.arg(m_name)));
        } else if (m_motifs.isEmpty() && !m_subject) {
            if (isDataThere())
                listMotifs();
            if (!m_motifs.isEmpty())
                next();
        } else if (isSettled()) {
            shoot();
        }
    }

    [[nodiscard]] bool isDataThere() const
    {
        const QList<Engine> &engines = m_window.data().engines().rows();
        return m_window.data().isLoaded()
            && std::none_of(engines.begin(), engines.end(), [](const Engine &engine) {
                   return engine.state == EngineState::Connecting;
               });
    }

    [[nodiscard]] bool isSettled() const
    {
        const auto *dialog = qobject_cast<ConsoleDialog *>(m_subject);
        return !dialog || dialog->isSettled();
    }

    void listMotifs()
    {
        for (TablePage *page : m_window.pages()) {
            m_motifs.append({page->objectName(), [this, page] {
                                 m_window.showPage(*page);
                                 page->selectFirst();
                                 return &m_window;
                             }});
        }
        SandboxesPage &sandboxes = m_window.sandboxesPage();
        SnapshotsPage &snapshots = m_window.snapshotsPage();
        const auto onSandbox = [this, &sandboxes](ConsoleDialog *(SandboxesPage::*ask)()) {
            return [this, &sandboxes, ask]() -> QWidget * {
                m_window.showPage(sandboxes);
                sandboxes.selectFirst();
                return (sandboxes.*ask)();
            };
        };
        const auto onSnapshot = [this,
                                 &snapshots](ConsoleDialog *(SnapshotsPage::*ask)(), bool expired) {
            return [this, &snapshots, ask, expired]() -> QWidget * {
                m_window.showPage(snapshots);
                return selectSnapshot(expired) ? (snapshots.*ask)() : nullptr;
            };
        };
        m_motifs.append({u"newSandboxDialog"_s, onSandbox(&SandboxesPage::askForNewSandbox)});
        m_motifs.append({u"adoptContainerDialog"_s, onSandbox(&SandboxesPage::askForContainer)});
        m_motifs.append({u"createSnapshotDialog"_s, onSandbox(&SandboxesPage::askForSnapshot)});
        m_motifs.append({u"terminateSandboxDialog"_s, onSandbox(&SandboxesPage::askToTerminate)});
        m_motifs.append({u"restoreDialog"_s, onSnapshot(&SnapshotsPage::askToRestore, false)});
        m_motifs.append(
            {u"restoreExpiredDialog"_s, onSnapshot(&SnapshotsPage::askToRestore, true)});
        m_motifs.append(
            {u"deleteSnapshotsDialog"_s, onSnapshot(&SnapshotsPage::askToDelete, false)});
        m_motifs.append({u"changeTtlDialog"_s, onSnapshot(&SnapshotsPage::askForTtl, false)});
        m_motifs.append({u"pinSnapshotsDialog"_s, onSnapshot(&SnapshotsPage::askToPin, false)});
        m_motifs.append({u"runCleanupDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.cleanupPage());
                             return m_window.cleanupPage().askToRun();
                         }});
        m_motifs.append({u"orphansDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.cleanupPage());
                             return m_window.cleanupPage().askAboutOrphans();
                         }});
        m_motifs.append({u"scheduleDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.schedulesPage());
                             return m_window.schedulesPage().askForSchedule();
                         }});
        m_motifs.append(
            {u"rebuildDialog"_s, [this]() -> QWidget * { return m_window.askToRebuild(); }});
        m_motifs.append({u"changeSettingDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.settingsPage());
                             m_window.settingsPage().selectFirst();
                             return m_window.settingsPage().askForValue();
                         }});
        RegistriesPage &registries = m_window.registriesPage();
        const auto onRegistry = [this, &registries](ConsoleDialog *(RegistriesPage::*ask)()) {
            return [this, &registries, ask]() -> QWidget * {
                m_window.showPage(registries);
                registries.selectFirst();
                return (registries.*ask)();
            };
        };
        m_motifs.append({u"addRegistryDialog"_s, onRegistry(&RegistriesPage::askForRegistry)});
        m_motifs.append({u"changeRegistryDialog"_s, onRegistry(&RegistriesPage::askForChange)});
        m_motifs.append(
            {u"replaceCredentialDialog"_s, onRegistry(&RegistriesPage::askForCredential)});
        m_motifs.append(
            {u"removeCredentialDialog"_s, onRegistry(&RegistriesPage::askToRemoveCredential)});
        m_motifs.append({u"importLoginDialog"_s, onRegistry(&RegistriesPage::askToImport)});
        m_motifs.append({u"forgetRegistryDialog"_s, onRegistry(&RegistriesPage::askToForget)});
        m_motifs.append({u"changeEngineDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.enginesPage());
                             m_window.enginesPage().selectFirst();
                             return m_window.enginesPage().askForAddress();
                         }});
        m_motifs.append({u"addEngineDialog"_s, [this]() -> QWidget * {
                             m_window.showPage(m_window.enginesPage());
                             return m_window.enginesPage().askForEngine();
                         }});
    }

    bool selectSnapshot(bool expired)
    {
        const SnapshotTableModel &model = m_window.data().snapshots();
        for (const Snapshot &snapshot : model.rows()) {
            if (snapshot.status == SnapshotStatus::Active
                && isExpired(snapshot, model.now()) == expired) {
                m_window.snapshotsPage().select(snapshot.id.text());
                return true;
            }
        }
        return false;
    }

    /// Brings up the next motif that the data allows; ends when there is none.
    void next()
    {
        if (auto *dialog = qobject_cast<ConsoleDialog *>(m_subject))
            dialog->reject();
        m_subject = nullptr;
        m_look = Look::AsItWas;
        m_waited = 0ms;
        while (!m_subject && !m_motifs.isEmpty()) {
            const Motif motif = m_motifs.takeFirst();
            m_name = motif.name;
            m_subject = motif.show();
        }
        if (!m_subject)
            finish({});
    }

    /// Each look is put on first, and seen the next time, when all widgets have followed.
    void shoot()
    {
        switch (m_look) {
        case Look::AsItWas:
            m_look = Look::Dark;
            applyLook(*m_application, ColorScheme::Dark);
            break;
        case Look::Dark:
            if (!write(u"-dark.png"_s))
                return;
            m_look = Look::Light;
            applyLook(*m_application, ColorScheme::Light);
            break;
        case Look::Light:
            if (write(u"-light.png"_s))
                next();
            break;
        }
    }

    bool write(const QString &suffix)
    {
        const QString path = m_folder.filePath(m_name + suffix);
        const bool written = m_subject->grab().save(path);
        if (!written)
            finish(failure(ErrorKind::Storage, u"write %1"_s.arg(path)));
        return written;
    }

    void finish(const Done &result)
    {
        m_again.stop();
        m_done(result);
        deleteLater();
    }

    enum class Look { AsItWas, Dark, Light };

    MainWindow &m_window;
    QApplication *m_application;
    QDir m_folder;
    std::function<void(const Done &)> m_done;
    QTimer m_again;
    std::chrono::milliseconds m_waited{0};
    QList<Motif> m_motifs;
    QPointer<QWidget> m_subject;
    Look m_look = Look::AsItWas;
    QString m_name = u"the window"_s;
};

} // namespace

void takeScreenshots(
    MainWindow &window,
    const QString &folder,
    QApplication *application,
    std::function<void(const Done &)> done)
{
    (new Photographer(window, folder, application, std::move(done)))->start();
}

} // namespace sandglass
