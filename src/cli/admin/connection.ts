import { resolve } from "node:path";
import process from "node:process";
import { type Command, Option } from "commander";
import { AdminClient } from "../../admin-client/admin-client.ts";
import { AdminError } from "../../admin-client/admin-error.ts";
import type { ServerSettings } from "../../config/serve-settings.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { kindsWith, readSettings } from "../../host/read-settings.ts";
import { SecretSources } from "../../host/secret-sources.ts";
import { findConfig } from "../config-path.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { printFailure } from "../print-failure.ts";
import { printToStderr } from "../terminal.ts";

/** Variable of the key without a configuration that names one. */
const DEFAULT_KEY_ENV = "SPEAR_ADMIN_KEY";

/** Options of commands that use the admin API of a running server. */
export interface ConnectionOptions {
	readonly config?: string;
	readonly url?: string;
	readonly keyEnv?: string;
	readonly keyFile?: string;
	readonly json?: boolean;
}

/** A client of a running server. */
export interface Connection {
	readonly admin: AdminClient;
	/** Address of the server. */
	readonly url: string;
}

/** Adds the options of a connection to a command. */
export function withConnection(command: Command): Command {
	return command
		.option(
			"-c, --config <spear.toml>",
			"Path of the configuration that names the server's address and the variable or file of its admin key. The default is spear.toml in this directory.",
		)
		.addOption(
			new Option("--url <url>", "Address of the server.").default(
				undefined,
				"that of [server] in the configuration, or http://127.0.0.1:8787",
			),
		)
		.addOption(
			new Option("--key-env <name>", "Environment variable with the key of the admin API.").default(
				undefined,
				`admin_key_env of [server] in the configuration, or ${DEFAULT_KEY_ENV}`,
			),
		)
		.option("--key-file <path>", "File with the key of the admin API, instead of a variable.");
}

/**
 * Returns a client of the server that the options and the configuration name.
 *
 * @throws SpearError `invalid_request` if there is no key, or the URL cannot be used.
 */
export async function connectionOf(options: ConnectionOptions): Promise<Connection> {
	const { keyEnv, keyFile } = options;
	if (keyEnv !== undefined && keyFile !== undefined)
		throw new SpearError("invalid_request", "--key-env and --key-file exclude each other; omit one");
	const server = await serverOf(options.config);
	const keyName = keyEnv ?? (keyFile === undefined ? (server?.adminKeyName ?? DEFAULT_KEY_ENV) : resolve(keyFile));
	const secrets = new SecretSources(process.env);
	const key = secrets.get(keyName);
	if (key === undefined) throw new SpearError("invalid_request", missingKey(keyName, secrets.fault(keyName)));
	const url = options.url ?? (server === undefined ? "http://127.0.0.1:8787" : addressOf(server));
	try {
		return { admin: new AdminClient({ url, key }), url };
	} catch (thrown) {
		if (thrown instanceof AdminError) throw new SpearError("invalid_request", `--url: ${thrown.message}`);
		throw thrown;
	}
}

/** Prints why a request to the server failed, as `printFailure` does. Returns the exit code: 2 for a wrong key, URL or argument, else 1. */
export function printAdminFailure(thrown: unknown, url: string, { json }: ConnectionOptions): number {
	if (!(thrown instanceof AdminError)) return printFailure(thrown, { ...(json === undefined ? {} : { json }) });
	const { code, status, faults } = thrown;
	const untrusted = certificateFault(thrown);
	const message = untrusted ?? thrown.message;
	const hint = status === undefined && untrusted === undefined ? "; is `spear serve` running there?" : "";
	if (json) process.stdout.write(jsonLine({ error: { code, message, ...(faults.length === 0 ? {} : { faults }) } }));
	else printToStderr(`spear: ${url}: ${message}${hint}\n`);
	return thrown.retryable ? EXIT.failed : EXIT.usage;
}

/** Codes of Node for a certificate that is not accepted. */
const CERTIFICATE_CODE = /^(?:ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/** Longest chain of causes that is searched. */
const MAX_CAUSES = 8;

/** Returns the reason for which the certificate of a server was not accepted. `undefined` for another failure. */
function certificateFault(failure: Error): string | undefined {
	let cause: unknown = failure.cause;
	for (let depth = 0; depth < MAX_CAUSES && cause instanceof Error; depth += 1) {
		if ("code" in cause && typeof cause.code === "string" && CERTIFICATE_CODE.test(cause.code))
			return `the certificate of the server is not trusted (${cause.message}); set NODE_EXTRA_CA_CERTS to the file of its authority, or --url to a name in the certificate`;
		cause = cause.cause;
	}
	return undefined;
}

async function serverOf(config: string | undefined): Promise<ServerSettings | undefined> {
	const path = findConfig(config);
	if (path === undefined) return undefined;
	// Faults elsewhere in the file do not matter here.
	const { settings } = await readSettings(path, kindsWith([]));
	return settings.serve.server;
}

/** Returns the address at which this machine reaches a server. */
function addressOf({ host, port, tls }: ServerSettings): string {
	const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
	return `${tls === undefined ? "http" : "https"}://${name.includes(":") && !name.startsWith("[") ? `[${name}]` : name}:${port}`;
}

function missingKey(name: string, fault: string | undefined): string {
	const reason = fault === undefined ? `the environment variable ${name} is not set` : `${name}: ${fault}`;
	return `the key of the admin API is needed: ${reason}. It is the key that admin_key_env or admin_key_file of [server] in spear.toml names`;
}
