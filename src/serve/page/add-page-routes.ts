import { gunzipSync } from "node:zlib";
import type { Serving } from "../../host/serving.ts";
import type { Context, Hono } from "../hono.ts";
import { HttpError } from "../http-error.ts";
import type { ServeContext, ServeEnv } from "../serve-context.ts";
import type { PageFile } from "./build-page.ts";
import { pageFiles } from "./page-files.ts";
import { PAGE_HEADERS, pageHtml } from "./page-html.ts";

/** The parts of the server's context that the page needs. */
export interface PageContext extends Pick<ServeContext, "isDemo"> {
	readonly settings: () => Pick<Serving, "adminDigest"> & { readonly server: Pick<Serving["server"], "page"> };
}

/** Caching of a file whose name changes with its content. */
const IMMUTABLE = "public, max-age=31536000, immutable";

/**
 * Adds the operator's page at `/`, and its script and style below `/assets`. The page has no data: what it shows comes from the admin API, for which the
 * operator enters the key. `[server] page = false` removes it.
 */
export function addPageRoutes(app: Hono<ServeEnv>, { settings, isDemo }: PageContext): void {
	const files = async () => (settings().server.page ? pageFiles() : undefined);
	app.get("/", async (c) => {
		const found = await files();
		if (found === undefined) throw new HttpError(404, "not_found", "there is no page: [server] page of spear.toml is false");
		return c.body(pageHtml(found, { hasAdmin: settings().adminDigest !== undefined, isDemo }), 200, PAGE_HEADERS);
	});
	app.get("/assets/:name", async (c) => {
		const found = await files();
		const name = c.req.param("name");
		if (found?.script.name === name) return answerFile(c, found.script, "text/javascript; charset=utf-8");
		if (found?.style.name === name) return answerFile(c, found.style, "text/css; charset=utf-8");
		throw new HttpError(404, "not_found", "there is no such file; load the page again");
	});
}

function answerFile(c: Context<ServeEnv>, { gzip }: PageFile, type: string): Response {
	const headers = { "content-type": type, "cache-control": IMMUTABLE, vary: "accept-encoding" };
	return acceptsGzip(c.req.header("accept-encoding") ?? "")
		? c.body(new Uint8Array(gzip), 200, { ...headers, "content-encoding": "gzip" })
		: c.body(new Uint8Array(gunzipSync(gzip)), 200, headers);
}

/** Returns true if a header lists gzip, unless with the quality 0. */
function acceptsGzip(header: string): boolean {
	return header.split(",").some((entry) => {
		const [coding = "", ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
		return (coding === "gzip" || coding === "*") && !parameters.some((parameter) => /^q=0(?:\.0{0,3})?$/.test(parameter));
	});
}
