/** Two served hosts that share a real Redis, each with a file of its own. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AdminClient } from "../../src/admin.ts";
import { ADMIN_KEY } from "./admin.ts";
import { RedisServer } from "./redis-server.ts";
import { type Served, served } from "./served.ts";

/** A host of the cluster. */
export interface ClusterMember extends Served {
	readonly admin: AdminClient;
	/** Writes its file, without a reload. */
	write(backends: string): void;
}

export interface TestCluster extends AsyncDisposable {
	readonly redis: RedisServer;
	/** Starts a host with this name. */
	start(name: string, backends?: string): Promise<ClusterMember>;
}

export const STUB = '[backends.a]\nkind = "stub"\n';

export async function startCluster(): Promise<TestCluster> {
	const redis = await RedisServer.start();
	const folder = mkdtempSync(join(tmpdir(), "spear-cluster-"));
	const hosts: ClusterMember[] = [];
	let files = 0;
	return {
		redis,
		async start(name, backends = STUB) {
			const file = join(folder, `${files++}.toml`);
			const write = (text: string): void =>
				writeFileSync(
					file,
					`[server]\nadmin_key_env = "ADMIN_KEY"\n[cluster]\nurl = "${redis.url}"\nhost = "${name}"\ntimeout_ms = 500\n[telemetry]\nmetrics = true\n${text}`,
				);
			write(backends);
			const host = await served({}, { ADMIN_KEY }, { config: file });
			const member = { ...host, admin: new AdminClient({ url: host.url, key: ADMIN_KEY }), write };
			hosts.push(member);
			return member;
		},
		async [Symbol.asyncDispose]() {
			await Promise.all(hosts.map((host) => host.close()));
			await redis[Symbol.asyncDispose]();
			rmSync(folder, { recursive: true });
		},
	};
}

/** Resolves when `read` returns something true. */
export async function eventually<T>(read: () => Promise<T | undefined | false>): Promise<T> {
	const deadline = performance.now() + 20_000;
	for (;;) {
		const value = await read();
		if (value !== undefined && value !== false) return value;
		if (performance.now() > deadline) throw new Error("it did not happen in 20 s");
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
