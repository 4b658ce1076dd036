import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import tls, { createSecureContext, type SecureContext } from "node:tls";
import type { Faults } from "../config/faults.ts";
import type { Settings } from "../config/settings.ts";
import { fileFault } from "../errors/file-fault.ts";
import { DIRECT, type Network } from "../transport/network.ts";
import { ProxyConfigError, proxiesOf } from "../transport/proxy/proxies.ts";
import type { Environment } from "./secret-sources.ts";

/**
 * Returns the path of connections to upstreams: the proxies of the configuration or the environment, and the authorities of a file. Adds
 * the faults of both.
 */
export async function networkOf(settings: Settings, env: Environment, faults: Faults): Promise<Network> {
	return { ...proxies(settings, env, faults), secureContext: await trustedBy(settings.caFile, faults) };
}

function proxies(settings: Settings, env: Environment, faults: Faults): Pick<Network, "proxyFor" | "secrets"> {
	const { proxy } = settings;
	if (proxy?.includes("@")) {
		faults.add(["host", "proxy"], "must hold no user and no password; put the URL with them into HTTPS_PROXY and HTTP_PROXY instead");
		return DIRECT;
	}
	try {
		return proxiesOf(proxy, env);
	} catch (thrown) {
		if (!(thrown instanceof ProxyConfigError)) throw thrown;
		if (proxy !== undefined) faults.add(["host", "proxy"], thrown.fault);
		// A host that reaches no upstream starts in any environment.
		else if (connects(settings)) faults.add([], thrown.message);
		return DIRECT;
	}
}

/** Returns true if the host may connect to anything. */
function connects({ backends, media }: Settings): boolean {
	return media.allowedHosts.length > 0 || backends.some(({ config }) => config.base_url !== undefined);
}

/** Returns a TLS context that trusts the authorities of a file in addition to the default ones. */
async function trustedBy(file: string | undefined, faults: Faults): Promise<SecureContext | undefined> {
	if (file === undefined) return undefined;
	try {
		const certificates = certificatesIn(await readFile(file, "utf8"));
		if (certificates.length > 0) return createSecureContext({ ca: [...tls.getCACertificates("default"), ...certificates] });
		faults.add(["host", "ca_file"], `${file} holds no certificate in PEM`);
	} catch (thrown) {
		const isCertificate = thrown instanceof Error && "code" in thrown && String(thrown.code).startsWith("ERR_OSSL");
		faults.add(["host", "ca_file"], `${file}: ${isCertificate ? "holds a malformed certificate" : fileFault(thrown)}`);
	}
	return undefined;
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** Returns the certificates in a text. Other PEM blocks and comments are ignored. */
function certificatesIn(text: string): string[] {
	return [...text.matchAll(CERTIFICATE)].map(([pem]) => new X509Certificate(pem).toString());
}
