/** Texts beside the sources of emitters: templates, and parts of pages. */
import { readFileSync } from "node:fs";

/** @param url the URL of a file beside the module that asks; in a bundle, the text itself as a `data:` URL */
export function assetText(url: URL): string {
	return url.protocol === "data:" ? decodeURIComponent(url.pathname.slice(url.pathname.indexOf(",") + 1)) : readFileSync(url, "utf8");
}
