import { createHash } from "node:crypto";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import process from "node:process";
import { startProcess } from "./process.js";

/** What to do without a server. */
export const NO_STORE = `no redis-server and no valkey-server is installed. Install one:

  Debian, Ubuntu     sudo apt-get install redis-server
  Fedora             sudo dnf install valkey
  macOS              brew install redis

or name a server of yours: node start.js --store redis://host:6379`;

/** Returns the path of a server that is installed; `undefined` if there is none. */
export function storeProgram() {
	const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
	return folders.flatMap((folder) => ["redis-server", "valkey-server"].map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** Starts a server on a free port of loopback, with the users of users.acl. Its data is in `folder`. */
export async function startStore({ program, folder, passwords }) {
	const port = await freePort();
	const users = join(folder, "users.acl");
	const list = readFileSync(join(import.meta.dirname, "users.acl"), "utf8");
	const digest = (_, name) => createHash("sha256").update(passwords[name]).digest("hex");
	writeFileSync(users, list.replace(/SHA256_OF_(\w+)/g, digest), { mode: 0o600 });
	const args = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--aclfile", users, "--save", "", "--appendonly", "yes"];
	const ready = (output) => (output.includes("Ready to accept connections") ? true : undefined);
	const store = await startProcess({ name: "the store", program, args, ready });
	return { ...store, url: `redis://127.0.0.1:${port}` };
}

async function freePort() {
	const server = createServer().listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = server.address();
	server.close();
	await once(server, "close");
	return port;
}
