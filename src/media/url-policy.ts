import { isIP } from "node:net";
import { SpearError } from "../errors/spear-error.ts";
import { addressKind } from "./addresses.ts";
import type { MediaSettings } from "./media-settings.ts";

/** Longest URL that is accepted, in characters. 8 KiB is a common limit of servers. */
const MAX_URL_CHARS = 8192;

/** The URLs that guests may use, and the addresses that the host may connect to when it fetches them. Uses no network. */
export class UrlPolicy {
	readonly #allowedHosts: readonly string[];
	readonly #allowPrivate: boolean;

	constructor({ allowedHosts, allowPrivateAddresses }: Pick<MediaSettings, "allowedHosts" | "allowPrivateAddresses">) {
		this.#allowedHosts = allowedHosts;
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
		if (!this.#isAllowed(url.hostname)) {
			throw notPermitted(path, "this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts");
		}
		const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
		if (isIP(address) !== 0) this.checkAddress(address, path);
		else if (/(?:^|\.)localhost$/.test(url.hostname) && !this.#allowPrivate) throw privateAddress(path);
	}

	/** Checks an address before a connection to it. */
	checkAddress(address: string, path: string): void {
		const kind = addressKind(address);
		if (kind === "reserved" || (kind === "private" && !this.#allowPrivate)) throw privateAddress(path);
	}

	#isAllowed(hostname: string): boolean {
		return this.#allowedHosts.some((allowed) =>
			allowed.startsWith("*.") ? hostname.endsWith(allowed.slice(1)) && isIP(hostname) === 0 : hostname === allowed,
		);
	}
}

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
