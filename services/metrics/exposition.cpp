#include "services/metrics/exposition.h"

#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

namespace sandglass {

using namespace Qt::Literals::StringLiterals;

namespace {

using prometheus::MetricFamily;
using MetricLabels = std::vector<prometheus::ClientMetric::Label>;

MetricFamily gauge(const std::string &name, const std::string &help)
{
    return {"sandglass_" + name, help, prometheus::MetricType::Gauge, {}};
}

void add(MetricFamily &family, double value, MetricLabels labels = {})
{
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
}

MetricFamily single(const std::string &name, const std::string &help, double value)
{
    MetricFamily family = gauge(name, help);
    add(family, value);
    return family;
}

double seconds(Timestamp time)
{
    return double(toMilliseconds(time)) / 1000.0;
}

void addSnapshots(std::vector<MetricFamily> &families, const SnapshotStatistics &statistics)
{
    MetricFamily byStatus = gauge("snapshots", "Snapshots by status.");
    MetricFamily expired = gauge("snapshots_expired", "Active snapshots that have expired.");
    MetricFamily expiring = gauge(
        "snapshots_expiring",
        "Active snapshots that expire within this time; the longer ones include the shorter.");
    MetricFamily bytes = gauge("snapshots_bytes", "What the whole images take.");
    MetricFamily uniqueBytes =
        gauge("snapshots_unique_bytes", "What the images add to those that they rest on.");
    MetricFamily oldest =
        gauge("snapshots_oldest_timestamp_seconds", "When the oldest active snapshot was taken.");
    for (const auto &[name, counts] : statistics.namespaces) {
        const std::string in = name.text().toStdString();
        for (const auto &[status, count] : counts.byStatus) {
            const std::string is = nameOf(status).toStdString();
            add(byStatus, double(count), {{"namespace", in}, {"status", is}});
        }
        const MetricLabels inNamespace{{"namespace", in}};
        add(expired, double(counts.expired), inNamespace);
        const auto addExpiring = [&, &where = in](const std::string &within, qint64 count) {
            add(expiring, double(count), {{"namespace", where}, {"within", within}});
        };
        addExpiring("1d", counts.expiringWithinDay);
        addExpiring("7d", counts.expiringWithinWeek);
        addExpiring("30d", counts.expiringWithinMonth);
        add(bytes, double(counts.bytes), inNamespace);
        add(uniqueBytes, double(counts.uniqueBytes), inNamespace);
        if (counts.oldestAt)
            add(oldest, seconds(*counts.oldestAt), inNamespace);
    }
    for (MetricFamily *family : {&byStatus, &expired, &expiring, &bytes, &uniqueBytes, &oldest})
        families.push_back(std::move(*family));
}

void addLastCleanup(std::vector<MetricFamily> &families, const CleanupRun &run)
{
    families.push_back(single(
        "cleanup_last_run_timestamp_seconds",
        "When the last finished cleanup began.",
        seconds(run.startedAt)));
    families.push_back(single(
        "cleanup_last_run_duration_seconds",
        "How long the last finished cleanup took.",
        seconds(*run.finishedAt) - seconds(run.startedAt)));
    MetricFamily snapshots =
        gauge("cleanup_last_run_snapshots", "What became of those that it planned to delete.");
    add(snapshots, double(run.deleted), {{"outcome", "deleted"}});
    add(snapshots, double(run.skipped), {{"outcome", "skipped"}});
    add(snapshots, double(run.failed), {{"outcome", "failed"}});
    families.push_back(std::move(snapshots));
    families.push_back(single(
        "cleanup_last_run_freed_bytes",
        "What it freed, as planned; a registry's own garbage collection may still have to.",
        double(run.bytes)));
}

void addCleanup(std::vector<MetricFamily> &families, const Measurements &measurements)
{
    const CleanupStatus &status = measurements.cleanup;
    families.push_back(single(
        "cleanup_interval_seconds",
        "How often the timer cleans up.",
        double(status.intervalSeconds)));
    families.push_back(single(
        "cleanup_next_run_timestamp_seconds",
        "When the timer cleans up next.",
        seconds(status.nextAt)));
    families.push_back(single(
        "cleanup_waits_for_answer",
        "1 when the timer asks before it goes on, because it would delete much.",
        status.question.isEmpty() ? 0 : 1));
    if (measurements.lastCleanup)
        addLastCleanup(families, *measurements.lastCleanup);
}

void addEngines(std::vector<MetricFamily> &families, const QList<Engine> &engines)
{
    MetricFamily connected = gauge("engine_connected", "1 while the engine answers.");
    MetricFamily seen =
        gauge("engine_last_seen_timestamp_seconds", "When the engine last answered.");
    for (const Engine &engine : engines) {
        const MetricLabels labels{{"engine", engine.name.text().toStdString()}};
        add(connected, engine.state == EngineState::Connected ? 1 : 0, labels);
        if (engine.lastSeenAt)
            add(seen, seconds(*engine.lastSeenAt), labels);
    }
    families.push_back(std::move(connected));
    families.push_back(std::move(seen));
}

MetricFamily
operationsFamily(const std::map<std::pair<OperationKind, OperationState>, int> &unfinished)
{
    MetricFamily family = gauge(
        "operations_unfinished", "Operations that are queued, run, wait or are being undone.");
    for (const auto &[what, count] : unfinished) {
        add(family,
            count,
            {{"kind", nameOf(what.first).toStdString()},
             {"state", nameOf(what.second).toStdString()}});
    }
    return family;
}

} // namespace

QByteArray exposition(const Measurements &measurements)
{
    std::vector<MetricFamily> families;
    MetricFamily build = gauge("build_info", "The version that runs; always 1.");
    add(build, 1, {{"version", SANDGLASS_VERSION}});
    families.push_back(std::move(build));
    addSnapshots(families, measurements.snapshots);
    addCleanup(families, measurements);
    addEngines(families, measurements.engines);
    families.push_back(operationsFamily(measurements.unfinished));
    std::erase_if(families, [](const MetricFamily &family) { return family.metric.empty(); });
    return QByteArray::fromStdString(prometheus::TextSerializer().Serialize(families));
}

Result<QByteArray> metricsText(const UseCases &useCases)
{
    SANDGLASS_TRY(const Measurements measurements, measure(useCases));
    return exposition(measurements);
}

} // namespace sandglass
