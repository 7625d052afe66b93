#pragma once

#include <QString>

namespace sandglass {

enum class TestEngine { A, B }; ///< A by its UNIX socket, B by TCP on loopback

/// Where the test rig's engine is: SANDGLASS_TEST_ENGINE_A or _B from the environment, else from
/// engines.env in the build folder. Ends the test program when neither says it: a test without its
/// engine must fail.
[[nodiscard]] QString testEngineAddress(TestEngine engine);
/// The folder in which registry.sh lets it trust registries.
[[nodiscard]] QString testEngineFolder(TestEngine engine);

} // namespace sandglass
