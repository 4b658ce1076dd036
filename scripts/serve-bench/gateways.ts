import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Pool } from "undici";
import { freePort } from "./free-port.ts";
import { ServerProcess } from "./server-process.ts";

/** The gateway that `spear serve` is compared with: open source, in Node, with one upstream for each request as here. */
export const PEER = "@portkey-ai/gateway@1.15.2";

const KEY = "sk-bench-0123456789";

/** A way to the upstream, with what its requests need. */
export interface Way {
	readonly name: string;
	readonly pool: Pool;
	/** Path of a chat, by the pace at which the upstream streams. */
	path(pace: Pace): string;
	/** Model of a chat. */
	model(pace: Pace): string;
	headers(pace: Pace): Record<string, string>;
	/** Absent for the upstream itself. */
	readonly server: ServerProcess | undefined;
}

/** `paced` sends each chunk of a stream in a packet of its own, `burst` all chunks at once. */
export type Pace = "paced" | "burst";

const HEADERS = { "content-type": "application/json", authorization: `Bearer ${KEY}` };

/** Returns the way without a gateway. */
export function direct(origin: string): Way {
	return {
		name: "undici direct",
		pool: pool(origin),
		path: (pace) => `/${pace}/v1/chat/completions`,
		model: () => "m",
		headers: () => HEADERS,
		server: undefined,
	};
}

export interface SpearOptions {
	/** Program of the command line: the built package's, or that of the sources. */
	readonly program: string;
	/** Arguments of Node, e.g. for a profile. */
	readonly nodeArgs: readonly string[];
	/** Directory for the configuration and the log. */
	readonly work: string;
	readonly accessLog: boolean;
}

/** Starts `spear serve`, with a client's key and the default settings. */
export async function spear(origin: string, { program, nodeArgs, work, accessLog }: SpearOptions): Promise<Way> {
	const port = await freePort();
	const config = join(work, "spear.toml");
	const backend = (name: Pace, model: string): string =>
		`[backends.${name}]\nkind = "openai-compatible"\nbase_url = "${origin}/${name}/v1"\napi_key_env = "BENCH_KEY"\nmodels = ["${model}"]\n`;
	writeFileSync(
		config,
		`[server]\nport = ${port}\naccess_log = ${accessLog}\n[clients.bench]\nkey_env = "BENCH_KEY"\n${backend("burst", "m")}${backend("paced", "paced")}`,
	);
	const server = await ServerProcess.start({
		args: [...nodeArgs, program, "serve", "--config", config, "--no-watch"],
		env: { BENCH_KEY: KEY },
		log: join(work, "spear.log"),
		readyUrl: `http://127.0.0.1:${port}/healthz`,
	});
	return {
		name: "spear serve",
		pool: pool(`http://127.0.0.1:${port}`),
		path: () => "/v1/chat/completions",
		model: (pace) => (pace === "paced" ? "paced" : "m"),
		headers: () => HEADERS,
		server,
	};
}

/**
 * Starts the peer, as its documentation says for a server without its page.
 *
 * @param directory Where the package is installed. Absent: the package is installed into `work`.
 */
export async function peer(origin: string, work: string, directory: string | undefined): Promise<Way> {
	const from = resolve(directory ?? installed(work));
	const port = await freePort();
	const server = await ServerProcess.start({
		args: [join(from, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js"), "--headless", `--port=${port}`],
		// The peer refuses upstreams on loopback that are not named here.
		env: { TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost", NODE_ENV: "production" },
		log: join(work, "peer.log"),
		readyUrl: `http://127.0.0.1:${port}/`,
	});
	return {
		name: PEER,
		pool: pool(`http://127.0.0.1:${port}`),
		path: () => "/v1/chat/completions",
		model: () => "m",
		headers: (pace) => ({ ...HEADERS, "x-portkey-provider": "openai", "x-portkey-custom-host": `${origin}/${pace}/v1` }),
		server,
	};
}

/** Starts a proxy that does nothing else. */
export async function emptyProxy(origin: string, work: string): Promise<Way> {
	const port = await freePort();
	const server = await ServerProcess.start({
		args: [fileURLToPath(new URL("./empty-proxy.ts", import.meta.url)), origin, String(port)],
		log: join(work, "proxy.log"),
		readyUrl: `http://127.0.0.1:${port}/burst/v1/chat/completions`,
	});
	return { ...direct(`http://127.0.0.1:${port}`), name: "empty proxy", server };
}

function installed(work: string): string {
	const { status, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", work, PEER], {
		encoding: "utf8",
	});
	if (status !== 0)
		throw new Error(`${PEER} cannot be installed; give an installed one by --peer, or leave it out by --no-peer\n${stderr}`);
	return work;
}

function pool(origin: string): Pool {
	return new Pool(origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
}
