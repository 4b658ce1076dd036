/** The composition root: constructs the layers of a host. */
import process from "node:process";
import { configDigest } from "../config/config-digest.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { PartSeal } from "../normalize/part-seal.ts";
import { createLogRedactor } from "../redaction/log-redactor.ts";
import { MemoryLimitStore } from "../router/limits/memory-limit-store.ts";
import { Router } from "../router/router.ts";
import { createLogger, type Logger, neverThrows, withFields } from "../telemetry/logger.ts";
import { UpstreamLog } from "../telemetry/upstream-log.ts";
import { systemClock } from "../time/clock.ts";
import { BackendSet } from "./backend-set.ts";
import type { HostCluster } from "./cluster/host-cluster.ts";
import { joinSignals } from "./cluster/join-signals.ts";
import { closeCluster, clusterAccess, openCluster } from "./cluster/open-cluster.ts";
import { mediaAccess, openMedia } from "./cluster/open-media.ts";
import { embeddedNotice } from "./embedded-backends.ts";
import type { Host, HostOptions } from "./host.ts";
import { KeyWarnings } from "./key-warnings.ts";
import { guestLevelOf, logForm, logLevelOf } from "./log-level.ts";
import { checkMcpPackage } from "./mcp-package.ts";
import { mcpServersFor } from "./mcp-parts.ts";
import { networkOf } from "./network-of.ts";
import { kindsWith, readSettings } from "./read-settings.ts";
import { routingConfig } from "./routing-config.ts";
import { RunningHost } from "./running-host.ts";
import { sealSecretOf } from "./seal-secret.ts";
import { SecretSources } from "./secret-sources.ts";
import { HostTelemetry } from "./telemetry/host-telemetry.ts";
import { loadOpenTelemetry } from "./telemetry/load-open-telemetry.ts";

/**
 * Creates a host.
 *
 * @throws ConfigError for a configuration that cannot be used, with every fault and its position; its code is `backend_not_enabled` if
 * each fault is a backend kind that this build omits. SpearError `invalid_request` for a file that cannot be read, or two kinds of one
 * name; a `telemetry.tracer` without the package `@opentelemetry/api`.
 */
export async function createHost(options: HostOptions = {}): Promise<Host> {
	const kinds = kindsWith(options.kinds ?? []);
	const env = options.env ?? process.env;
	const first = await readSettings(options.config, kinds);
	const { settings } = first;
	const secrets = new SecretSources(env);
	const sealSecret = sealSecretOf(settings, secrets, first.faults);
	checkMcpPackage(settings, first.faults);
	const access = await clusterAccess(settings, secrets, first.faults);
	const sharedMedia = mediaAccess(settings, secrets, first.faults);
	const network = await networkOf(settings, env, first.faults);
	const openTelemetry = await loadOpenTelemetry(options.telemetry ?? {}, settings.telemetry, first.faults);
	const backends = new BackendSet(secrets, Math.random, network, {
		onListFailure: (backend, error) => logger.warn({ backend }, `the models of backend ${backend} cannot be listed: ${causeChain(error)}`),
		onCloseFailure: (backend, cause) => logger.warn({ backend }, `backend ${backend} could not be closed: ${causeChain(cause)}`),
	});
	const redact = createLogRedactor(() => [
		...backends.secrets(),
		...network.secrets,
		...mcp.secrets(),
		...(sealSecret === undefined ? [] : [sealSecret]),
		...(access?.secrets ?? []),
		...sharedMedia.secrets,
	]);
	const form = logForm();
	const loggerOf = (level: Host["logLevel"]): Logger => {
		const own = neverThrows(options.logger ?? createLogger({ level, write: (line) => process.stderr.write(line), redact, form }));
		return access === undefined ? own : withFields(own, () => (cluster === undefined ? {} : { host: cluster.host }));
	};
	let cluster: HostCluster | undefined;
	const logger = loggerOf(logLevelOf(settings, options));
	const mcp = mcpServersFor(settings, env, logger);
	const update = backends.prepare(first);
	const config = { digest: configDigest(first.faults.document.value), version: 1, sinceMs: Date.now() };
	if (access !== undefined) cluster = await openCluster(access, logger, config);
	const media = await openMedia({ settings, access: sharedMedia, cluster, network, logger }).catch(async (thrown: unknown) => {
		// Otherwise the timer of a host that does not start would keep the process alive.
		if (cluster !== undefined) await closeCluster(cluster);
		throw thrown;
	});
	update.commit();
	const keyWarnings = new KeyWarnings(logger);
	keyWarnings.report(backends.keyVariables());
	const notice = embeddedNotice(settings);
	if (notice !== undefined) logger.warn({}, first.text?.trim() === "" ? `${first.faults.document.source} is empty, so ${notice}` : notice);
	const telemetry = new HostTelemetry({ options: options.telemetry ?? {}, settings, openTelemetry, logger, redact, cluster });
	const upstreams = new UpstreamLog({ logger, now: () => systemClock.now() });
	const router = new Router({
		...routingConfig(settings, update),
		clock: systemClock,
		random: Math.random,
		wallClock: Date.now,
		store: options.limitStore ?? cluster?.leases.limits ?? new MemoryLimitStore(systemClock),
		places: cluster?.leases.places,
		onMirror: (record) => {
			upstreams.recordMirror(record);
			telemetry.recordMirror(record);
		},
	});
	return new RunningHost({
		options,
		kinds,
		first,
		backends,
		network,
		router,
		media,
		mcp,
		logger,
		guestLogger: loggerOf(guestLevelOf(settings, options)),
		keyWarnings,
		upstreams,
		telemetry,
		redact,
		seal: new PartSeal(sealSecret),
		cluster,
		config,
		signals: cluster === undefined ? undefined : joinSignals(cluster, router),
	});
}
