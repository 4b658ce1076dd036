import { readFile } from "node:fs/promises";
import { ContentSeal } from "../../cluster/content-seal.ts";
import { type ConfigState, type HostCard, NO_LOAD } from "../../cluster/host-card.ts";
import { type MemberSource, Membership } from "../../cluster/membership/membership.ts";
import { hasRedisPackage, loadRedis, REDIS_INSTALL, REDIS_PACKAGE } from "../../cluster/redis/load-redis.ts";
import type { RedisSettings } from "../../cluster/redis/redis-settings.ts";
import { RedisStore } from "../../cluster/redis/redis-store.ts";
import type { ConnectionState } from "../../cluster/store-connection.ts";
import { type ClusterSettings, madeHostName } from "../../config/cluster-settings.ts";
import type { Faults } from "../../config/faults.ts";
import type { Settings } from "../../config/settings.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { packageManifest } from "../../packages/package-manifest.ts";
import type { Logger } from "../../telemetry/logger.ts";
import { systemClock } from "../../time/clock.ts";
import { isSecretFile, type SecretSources } from "../secret-sources.ts";
import { ClusterReports } from "./cluster-reports.ts";
import type { HostCluster } from "./host-cluster.ts";
import { HostLeases } from "./host-leases.ts";

/** Length of the shortest secret of sealed contents, in characters. */
const MIN_SECRET_LENGTH = 32;

/** Access of a host to the shared store, with the secrets that the configuration names. */
export interface ClusterAccess {
	readonly settings: ClusterSettings;
	readonly redis: RedisSettings;
	readonly contentSecret: string | undefined;
	/** Every secret, for the redactor. */
	readonly secrets: readonly string[];
}

/**
 * Returns the access to the shared store; `undefined` for a host alone. Adds a fault for the package that is missing, and for a secret or file that
 * cannot be used.
 */
export async function clusterAccess(
	{ cluster }: Pick<Settings, "cluster">,
	secrets: SecretSources,
	faults: Faults,
): Promise<ClusterAccess | undefined> {
	if (cluster === undefined) return undefined;
	if (!hasRedisPackage())
		faults.add(["cluster", "url"], `needs the package ${REDIS_PACKAGE}, which is not installed; run: ${REDIS_INSTALL}`);
	const secretOf = (name: string | undefined, key: string, minLength: number): string | undefined => {
		if (name === undefined) return undefined;
		const secret = secrets.get(name);
		const path = ["cluster", `${key}_${isSecretFile(name) ? "file" : "env"}`];
		if (secret === undefined) faults.add(path, secrets.fault(name) ?? `the environment variable ${name} is not set`);
		else if (secret.length < minLength) faults.add(path, `${name} must hold at least ${minLength} random characters`);
		return secret;
	};
	const { url, sentinels, user, timeoutMs } = cluster;
	const password = secretOf(cluster.passwordName, "password", 1);
	const contentSecret = secretOf(cluster.contentKeyName, "content_key", MIN_SECRET_LENGTH);
	const redis = { url, sentinels, user, password, ca: await authorities(cluster, faults), timeoutMs };
	return { settings: cluster, redis, contentSecret, secrets: [password, contentSecret].filter((secret) => secret !== undefined) };
}

/**
 * Joins the other hosts. A store that cannot be reached now is no failure: the policies for that apply until it can.
 *
 * @param config The configuration that the host starts with.
 */
export async function openCluster(
	{ settings, redis, contentSecret }: ClusterAccess,
	logger: Logger,
	config: ConfigState,
): Promise<HostCluster> {
	const { prefix, replicas } = settings;
	const store = new RedisStore(redis, { prefix, replicas, client: await loadRedis() });
	const report = ({ reachable, fault }: ConnectionState): void => {
		if (reachable) logger.info({ store: settings.url }, "the shared store is reachable");
		else logger.warn({ store: settings.url, fault }, `the shared store is unreachable, so that this host acts alone: ${fault}`);
	};
	await store.connect().catch(() => report(store.connection.state));
	store.connection.onChange(report);
	const membership = new Membership({
		members: store.members,
		connection: store.connection,
		clock: systemClock,
		wallClock: Date.now,
		random: Math.random,
		logger,
		name: settings.host ?? madeHostName(),
		source: startingHost(config),
	});
	await membership.join();
	const leases = new HostLeases({ host: membership.instance, store, policies: settings.unreachable, logger });
	const reports = new ClusterReports();
	reports.leases = () => leases.held();
	return {
		get host() {
			return membership.name;
		},
		instance: membership.instance,
		prefix,
		store,
		leases,
		seal: new ContentSeal(settings.content, contentSecret),
		membership,
		reports,
	};
}

/** Leaves the other hosts, and closes the connection to the store. Never rejects. */
export async function closeCluster({ leases, membership, store }: HostCluster): Promise<void> {
	await leases.close().catch(() => {});
	await membership.leave();
	await store.close().catch(() => {});
}

/** Returns a host that loads its parts, and carries out no commands yet. */
function startingHost(config: ConfigState): MemberSource {
	const { version } = packageManifest();
	const card: HostCard = { version, startedAtMs: config.sinceMs, state: "starting", isReady: false, config, load: NO_LOAD };
	return {
		card: () => card,
		async run({ kind }) {
			if (kind === "ping") return { ok: true, digest: config.digest, isReady: false, needRestart: [] };
			return { ok: false, code: "failed", message: "the host is starting", faults: [] };
		},
	};
}

async function authorities({ caFile }: ClusterSettings, faults: Faults): Promise<string | undefined> {
	if (caFile === undefined) return undefined;
	try {
		return await readFile(caFile, "utf8");
	} catch (thrown) {
		faults.add(["cluster", "ca_file"], fileFault(thrown));
		return undefined;
	}
}
