import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { request } from "undici";
import { freePort } from "../serve-bench/free-port.ts";
import { ServerProcess } from "../serve-bench/server-process.ts";
import type { Upstream } from "./upstreams.ts";

/** Clients in the configuration, each with a key and a guest of its own. */
const CLIENTS = 4;

const COLLECT = new URL("./collect-on-signal.ts", import.meta.url).href;

/** Longest time of the collections, in milliseconds. */
const COLLECTION_MS = 30_000;

const ADMIN_KEY = "admin-key-of-the-soak-test";

/** `spear serve` in a process of its own, in front of upstreams. */
export class SoakServer {
	readonly process: ServerProcess;
	readonly origin: string;
	/** Keys of the clients. */
	readonly keys: readonly string[];

	readonly #memoryFile: string;

	private constructor(process: ServerProcess, origin: string, keys: readonly string[], memoryFile: string) {
		this.#memoryFile = memoryFile;
		this.process = process;
		this.origin = origin;
		this.keys = keys;
	}

	/**
	 * @param program Program of the command line: the built package's, or that of the sources.
	 * @param work Directory for the configuration and the log.
	 * @param settings Further lines of `[server]`.
	 */
	static async start(program: string, work: string, upstreams: readonly Upstream[], settings = ""): Promise<SoakServer> {
		const port = await freePort();
		const keys = Array.from({ length: CLIENTS }, (_, index) => `key-of-client-${index}-of-the-soak-test`);
		const config = join(work, "spear.toml");
		writeFileSync(config, configOf(port, upstreams, settings));
		const memoryFile = join(work, "memory.json");
		const env = Object.fromEntries(keys.map((key, index) => [`SOAK_KEY_${index}`, key]));
		const server = await ServerProcess.start({
			args: ["--disable-warning=ExperimentalWarning", "--import", COLLECT, program, "serve", "--config", config, "--no-watch"],
			env: { ...env, SOAK_ADMIN_KEY: ADMIN_KEY, SOAK_MEMORY_FILE: memoryFile },
			log: join(work, "spear.log"),
			readyUrl: `http://127.0.0.1:${port}/healthz`,
		});
		return new SoakServer(server, `http://127.0.0.1:${port}`, keys, memoryFile);
	}

	/** Returns resident memory and heap of the server after a collection of its garbage, in bytes. */
	async memory(): Promise<{ readonly rss: number; readonly heap: number }> {
		rmSync(this.#memoryFile, { force: true });
		this.process.signal("SIGUSR2");
		const deadline = performance.now() + COLLECTION_MS;
		while (!existsSync(this.#memoryFile)) {
			if (performance.now() > deadline) throw new Error("the server did not collect its garbage");
			await sleep(20);
		}
		const { rss, heapUsed } = JSON.parse(readFileSync(this.#memoryFile, "utf8"));
		return { rss, heap: heapUsed };
	}

	/** Returns the number of requests in flight at the router. */
	async inFlight(): Promise<number> {
		return (await this.#status()).requests.in_flight;
	}

	/** Number of open files and sockets. `NaN` where the system has no `/proc`. */
	handles(): number {
		try {
			return readdirSync(`/proc/${this.process.pid}/fd`).length;
		} catch {
			return Number.NaN;
		}
	}

	async #status(): Promise<StatusAnswer> {
		const headers = { authorization: `Bearer ${ADMIN_KEY}`, connection: "close" };
		const { statusCode, body } = await request(`${this.origin}/admin/v1/status`, { headers });
		if (statusCode !== 200) throw new Error(`the admin API answers ${statusCode}: ${await body.text()}`);
		return (await body.json()) as StatusAnswer;
	}
}

/** The parts of the status that are read. */
interface StatusAnswer {
	readonly requests: { readonly in_flight: number };
}

/** Returns the configuration of an operator who wants no request lost: other backends at a failure, and hedges against slow ones. */
function configOf(port: number, upstreams: readonly Upstream[], settings: string): string {
	const clients = Array.from({ length: CLIENTS }, (_, index) => `[clients.app${index}]\nkey_env = "SOAK_KEY_${index}"\n`);
	const backends = upstreams.map(
		({ name, origin }) => `[backends.${name}]\nkind = "openai-compatible"\nbase_url = "${origin}/v1"\nmodels = ["m"]\n`,
	);
	return `[server]
port = ${port}
admin_key_env = "SOAK_ADMIN_KEY"
${settings}

[routes.chat_completions]
first_event_timeout_ms = 5000
hedge = { delay_ms = 250, budget_percent = 10 }

${clients.join("\n")}
${backends.join("\n")}`;
}
