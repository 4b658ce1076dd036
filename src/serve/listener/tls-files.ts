import { readFileSync } from "node:fs";
import { createSecureContext } from "node:tls";
import type { ServerSettings } from "../../config/serve-settings.ts";
import { fileFault } from "../../errors/file-fault.ts";
import { SpearError } from "../../errors/spear-error.ts";

/** Certificate and key of a server, in PEM. */
export interface TlsFiles {
	readonly cert: Buffer;
	readonly key: Buffer;
}

/**
 * Reads the files of TLS, and checks that they belong together.
 *
 * @throws SpearError `invalid_request` that names the file at fault.
 */
export function readTlsFiles({ certFile, keyFile }: NonNullable<ServerSettings["tls"]>): TlsFiles {
	const files = { cert: fileOf(certFile), key: fileOf(keyFile) };
	check(() => createSecureContext({ cert: files.cert }), `${certFile}: it holds no certificate in PEM (-----BEGIN CERTIFICATE-----)`);
	check(
		() => createSecureContext({ key: files.key }),
		`${keyFile}: it holds no private key in PEM without a passphrase (-----BEGIN PRIVATE KEY-----)`,
	);
	check(
		() => createSecureContext(files),
		`${keyFile}: it is not the key of the certificate in ${certFile}; the first certificate there must be the server's own`,
	);
	return files;
}

function check(act: () => unknown, message: string): void {
	try {
		act();
	} catch (cause) {
		throw new SpearError("invalid_request", message, { cause });
	}
}

function fileOf(path: string): Buffer {
	try {
		return readFileSync(path);
	} catch (cause) {
		throw new SpearError("invalid_request", `${path}: ${fileFault(cause)}`, { cause });
	}
}
