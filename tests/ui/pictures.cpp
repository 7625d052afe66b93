#include "tests/ui/pictures.h"

#include "ui/look.h"

#include <QApplication>
#include <QDir>
#include <QTest>
#include <QWidget>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

bool takePictures(QWidget &widget, const QString &name)
{
    const QDir folder(QStringLiteral(SANDGLASS_BUILD_DIR) + u"/screenshots"_s);
    if (!folder.mkpath(u"."_s))
        return false;
    widget.show();
    if (!QTest::qWaitForWindowExposed(&widget))
        return false;
    bool written = true;
    for (const auto &[scheme, suffix] :
         {std::pair{ColorScheme::Dark, u"-dark.png"_s},
          std::pair{ColorScheme::Light, u"-light.png"_s}}) {
        applyLook(*qApp, scheme);
        QCoreApplication::sendPostedEvents();
        written = widget.grab().save(folder.filePath(name + suffix)) && written;
    }
    return written;
}

} // namespace sandglass
