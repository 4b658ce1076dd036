import { isIP } from "node:net";
import { SpearError } from "../errors/spear-error.ts";
import { hostOf, portOf } from "../transport/url-host.ts";
import { addressKind } from "./addresses.ts";
import type { MediaSettings } from "./media-settings.ts";

/** Longest URL that is accepted, in characters. 8 KiB is a common limit of servers. */
const MAX_URL_CHARS = 8192;

/** The URLs that guests may use, and the addresses that the host may connect to when it fetches them. Uses no network. */
export class UrlPolicy {
	readonly #allowedHosts: readonly AllowedHost[];
	readonly #allowPrivate: boolean;

	constructor({ allowedHosts, allowPrivateAddresses }: Pick<MediaSettings, "allowedHosts" | "allowPrivateAddresses">) {
		this.#allowedHosts = allowedHosts.map(parsePattern);
		this.#allowPrivate = allowPrivateAddresses;
	}

	/**
	 * Parses and checks a URL of a guest. `path` names the URL in errors.
	 *
	 * @throws SpearError `invalid_request` for text that is no http or https URL; `not_permitted` for a URL that guests may not use.
	 */
	admit(text: string, path: string): URL {
		const url = text.length > MAX_URL_CHARS ? null : URL.parse(text);
		if (url === null) throw new SpearError("invalid_request", `${path}: is not a URL of at most ${MAX_URL_CHARS} characters`);
		this.check(url, path);
		// `new URL` reads 2130706433, 0x7f.1 and the like as addresses. Only the plain spelling is accepted.
		if (isIP(url.hostname) === 4 && writtenHost(text) !== url.hostname)
			throw notPermitted(path, "the host is an IP address in an unusual spelling; write four decimal numbers");
		return url;
	}

	/** Checks a URL or the target of a redirect: the scheme, the host name and, if the host is an address, the address. */
	check(url: URL, path: string): void {
		if (url.protocol !== "https:" && url.protocol !== "http:")
			throw new SpearError("invalid_request", `${path}: only http and https URLs can be used`);
		if (url.username !== "" || url.password !== "") throw notPermitted(path, "must not contain a user or a password");
		const named = this.#allowedHosts.filter(({ host }) => covers(host, url.hostname));
		if (named.length === 0) {
			throw notPermitted(path, "this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts");
		}
		if (!named.some(({ port }) => coversPort(port, portOf(url)))) {
			throw notPermitted(
				path,
				"this host does not allow that port of the site; its operator can allow the port with [media] allowed_hosts, as `host:port`",
			);
		}
		const address = hostOf(url);
		if (isIP(address) !== 0) this.checkAddress(address, url, path);
		else if (/(?:^|\.)localhost$/.test(url.hostname) && !this.#allowPrivate) throw privateAddress(path);
	}

	/**
	 * Checks an address before a connection to it for `url`.
	 *
	 * Link-local addresses and metadata services must be named by themselves and with the port, also where private addresses are allowed.
	 * Otherwise a name of an allowed site could lead there.
	 */
	checkAddress(address: string, url: URL, path: string): void {
		const kind = addressKind(address);
		if (kind === "public" || (kind === "private" && this.#allowPrivate)) return;
		if (kind === "link-local" && this.#allowPrivate && this.#isNamed(address, portOf(url))) return;
		throw privateAddress(path);
	}

	#isNamed(address: string, port: string): boolean {
		const plain = address.replace(/%.*/s, ""); // without the zone
		const spelled = URL.parse(`http://${isIP(plain) === 6 ? `[${plain}]` : plain}/`)?.hostname;
		return this.#allowedHosts.some((allowed) => allowed.host === spelled && coversPort(allowed.port, port));
	}
}

/** An entry of `allowed_hosts`. Without a port, the entry allows the default ports of http and https. */
interface AllowedHost {
	readonly host: string;
	readonly port: string | undefined;
}

function parsePattern(pattern: string): AllowedHost {
	const match = /^(\[[^\]]*\]|[^:]*)(?::(\d+|\*))?$/.exec(pattern);
	return { host: match?.[1] ?? pattern, port: match?.[2] };
}

function covers(host: string, hostname: string): boolean {
	return host.startsWith("*.") ? hostname.endsWith(host.slice(1)) && isIP(hostname) === 0 : hostname === host;
}

function coversPort(port: string | undefined, actual: string): boolean {
	return port === "*" || (port === undefined ? DEFAULT_PORTS.has(actual) : port === actual);
}

const DEFAULT_PORTS: ReadonlySet<string> = new Set(["80", "443"]);

/** Returns the host as the text spells it. */
function writtenHost(text: string): string | undefined {
	return /^[a-z]+:\/\/([^/?#:\\]*)/i.exec(text)?.[1];
}

function privateAddress(path: string): SpearError {
	return notPermitted(path, "leads to an address that guests may not use");
}

function notPermitted(path: string, problem: string): SpearError {
	return new SpearError("not_permitted", `${path}: ${problem}`);
}
