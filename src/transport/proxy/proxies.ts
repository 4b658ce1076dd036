import { weaknessOf } from "../../redaction/weak-secret.ts";
import type { HttpProxy, Network } from "../network.ts";
import { parseNoProxy } from "./no-proxy.ts";

/** Variables of the environment, by their names. */
export type ProxyVariables = Readonly<Record<string, string | undefined>>;

/** A proxy that cannot be used. The message names the variable, never its value, which may hold a password. */
export class ProxyConfigError extends Error {
	override readonly name = "ProxyConfigError";
	/** The fault as a predicate. */
	readonly fault: string;

	constructor(name: string, fault: string) {
		super(`${name}: ${fault}`);
		this.fault = fault;
	}
}

/**
 * Returns the choice of a proxy for each URL.
 *
 * Without `configured`, `HTTPS_PROXY` applies to https URLs and `HTTP_PROXY` to http URLs. Hosts in `NO_PROXY` are connected to directly in
 * any case. Names of variables in lower case take precedence, as in other tools.
 *
 * @param configured URL of a proxy for every URL, or `none` for no proxy.
 * @throws ProxyConfigError for a proxy that is not an http or https URL.
 */
export function proxiesOf(configured: string | undefined, env: ProxyVariables): Pick<Network, "proxyFor" | "secrets"> {
	if (configured === "none") return { proxyFor: () => undefined, secrets: [] };
	const one = configured === undefined ? undefined : readProxy("proxy", configured);
	const https = one ?? fromVariable("https_proxy", env);
	const http = one ?? fromVariable("http_proxy", env);
	const noProxy = parseNoProxy(env.no_proxy ?? env.NO_PROXY ?? "");
	return {
		proxyFor: (url) => (noProxy(url) ? undefined : (url.protocol === "https:" ? https : http)?.proxy),
		secrets: [...new Set([https, http].flatMap((found) => found?.secrets ?? []))],
	};
}

interface FoundProxy {
	readonly proxy: HttpProxy;
	readonly secrets: readonly string[];
}

function fromVariable(name: string, env: ProxyVariables): FoundProxy | undefined {
	for (const spelled of [name, name.toUpperCase()]) {
		const value = env[spelled]?.trim() ?? "";
		if (value !== "") return readProxy(spelled, value);
	}
	return undefined;
}

function readProxy(name: string, value: string): FoundProxy {
	const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`);
	if (url === null || !/^https?:$/.test(url.protocol)) {
		throw new ProxyConfigError(name, 'must be the http or https URL of a proxy, e.g. "http://proxy.example.com:3128"');
	}
	const user = decoded(url.username);
	const password = decoded(url.password);
	const plain = new URL(`${url.protocol}//${url.host}`);
	if (user === "" && password === "") return { proxy: { url: plain, authorization: undefined }, secrets: [] };
	const pair = `${user}:${password}`;
	const encoded = Buffer.from(pair).toString("base64");
	return { proxy: { url: plain, authorization: `Basic ${encoded}` }, secrets: [pair, encoded, ...aloneSecret(password)] };
}

/**
 * Returns a password that is redacted without its user too. A weak one is not: a guest could guess an ordinary word, because the upstream
 * that repeats the word would have it redacted.
 */
function aloneSecret(password: string): string[] {
	return password === "" || weaknessOf(password) !== undefined ? [] : [password];
}

function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text; // A password may hold a percent sign of its own.
	}
}
