import { isIP } from "node:net";
import { SpearError } from "../errors/spear-error.ts";
import { addressKind } from "./addresses.ts";
import type { MediaSettings } from "./media-settings.ts";

/** Longest URL that is taken, in characters. */
const MAX_URL_CHARS = 8192;

/** Which URLs guests may refer to, and which addresses the host may connect to when it fetches one. No network. */
export class UrlPolicy {
	readonly #allowedHosts: readonly string[];
	readonly #allowPrivate: boolean;

	constructor({ allowedHosts, allowPrivateAddresses }: Pick<MediaSettings, "allowedHosts" | "allowPrivateAddresses">) {
		this.#allowedHosts = allowedHosts;
		this.#allowPrivate = allowPrivateAddresses;
	}

	/** Parses a URL of a guest's and checks it; `path` names it in errors. */
	admit(text: string, path: string): URL {
		const url = text.length > MAX_URL_CHARS ? null : URL.parse(text);
		if (url === null) throw new SpearError("invalid_request", `${path}: it is not a URL of at most ${MAX_URL_CHARS} characters`);
		this.check(url, path);
		// 2130706433, 0x7f.1 and the like are read as addresses: whoever means one shall write it plainly.
		if (isIP(url.hostname) === 4 && writtenHost(text) !== url.hostname)
			throw notPermitted(path, "its host is an address in an unusual spelling");
		return url;
	}

	/** Checks a URL, or a hop of a redirect: its scheme, its host by name and, where that is an address, by number. */
	check(url: URL, path: string): void {
		if (url.protocol !== "https:" && url.protocol !== "http:")
			throw new SpearError("invalid_request", `${path}: only http and https URLs can be used`);
		if (url.username !== "" || url.password !== "") throw notPermitted(path, "it must hold no user and no password");
		if (!this.#isAllowed(url.hostname)) {
			throw notPermitted(path, "the host does not let guests refer to that site; its operator can, with [media] allowed_hosts");
		}
		const address = url.hostname.replace(/^\[(.*)\]$/, "$1");
		if (isIP(address) !== 0) this.checkAddress(address, path);
		else if (/(?:^|\.)localhost$/.test(url.hostname) && !this.#allowPrivate) throw privateAddress(path);
	}

	/** Checks the address that a connection is about to be made to. */
	checkAddress(address: string, path: string): void {
		const kind = addressKind(address);
		if (kind === "never" || (kind === "private" && !this.#allowPrivate)) throw privateAddress(path);
	}

	#isAllowed(hostname: string): boolean {
		return this.#allowedHosts.some((allowed) =>
			allowed.startsWith("*.") ? hostname.endsWith(allowed.slice(1)) && isIP(hostname) === 0 : hostname === allowed,
		);
	}
}

/** The host as it stands in the text. */
function writtenHost(text: string): string | undefined {
	return /^[a-z]+:\/\/([^/?#:\\]*)/i.exec(text)?.[1];
}

function privateAddress(path: string): SpearError {
	return notPermitted(path, "it leads to an address that guests may not refer to");
}

function notPermitted(path: string, what: string): SpearError {
	return new SpearError("not_permitted", `${path}: ${what}`);
}
