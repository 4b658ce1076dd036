import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { test as runnable } from "uvu";
import * as assert from "uvu/assert";
import { buildSite } from "../../../../scripts/docs-site/build-site.ts";
import { BROWSER, type ContextOptions, closeBrowser, openContext } from "../../../helpers/browser.ts";
import { ROOT, scratch } from "../../../helpers/guest.ts";

if (BROWSER === undefined) console.log("SKIP the documentation in a browser: `npm run fetch:test-browser` installs one");
const test = BROWSER === undefined ? runnable.skip : runnable;

const folder = join(scratch(), "site");
const site = BROWSER === undefined ? new Map<string, string>() : await buildSite(ROOT);
for (const [path, content] of site) {
	mkdirSync(dirname(join(folder, path)), { recursive: true });
	writeFileSync(join(folder, path), content);
}

const TYPES: Readonly<Record<string, string>> = { html: "text/html", css: "text/css", js: "text/javascript", svg: "image/svg+xml" };

/** Serves the site below a path, as sites of projects are. */
const server = createServer((request, response) => {
	const path = decodeURIComponent(new URL(request.url ?? "", "http://localhost").pathname).replace(/^\/project\//, "");
	const content = site.get(path);
	if (content === undefined) response.writeHead(404).end();
	else response.writeHead(200, { "content-type": TYPES[path.split(".").at(-1) ?? ""] ?? "text/plain" }).end(content);
});
server.listen(0, "127.0.0.1");
await once(server, "listening");

const PLACES = {
	"a server": `http://127.0.0.1:${(server.address() as AddressInfo).port}/project/`,
	"a folder": `${pathToFileURL(folder).href}/`,
};

/** Opens a page of the site, and fails if the browser reports a fault. */
async function onPage(url: string, options: ContextOptions, run: (page: Page) => Promise<void>): Promise<void> {
	const context = await openContext(options);
	try {
		const page = await context.newPage();
		const faults: string[] = [];
		page.on("pageerror", (error) => faults.push(error.message));
		page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
		await page.goto(url);
		await run(page);
		assert.equal(faults, []);
	} finally {
		await context.close();
	}
}

for (const [place, root] of Object.entries(PLACES)) {
	test(`from ${place}, the search finds a section, and the keyboard opens it`, () =>
		onPage(`${root}docs/embed.html`, {}, async (page) => {
			await page.keyboard.press("/");
			await page.keyboard.type("max_pending_requests");
			await page.locator("[role=option]").first().waitFor();
			const names = await page.locator("[role=option] .name").allTextContents();
			assert.ok(names.includes("[router]"), names.join(", "));
			await page.keyboard.press("ArrowDown");
			const chosen = page.locator('[role=option][aria-selected="true"]');
			const target = await chosen.getAttribute("href");
			await page.keyboard.press("Enter");
			await page.waitForURL((url) => url.href === new URL(target ?? "", `${root}docs/embed.html`).href);
			assert.is(await page.locator("main h1").count(), 1);
		}));

	test(`from ${place}, the style applies and nothing is refused by the policy`, () =>
		onPage(`${root}index.html`, {}, async (page) => {
			assert.is(await page.evaluate("getComputedStyle(document.querySelector('header')).position"), "sticky");
			assert.is(await page.locator("html").getAttribute("class"), "scripted");
			assert.ok((await page.locator("nav li").count()) > 50);
		}));
}

test("words that no page has are answered, and markup in a question is text", () =>
	onPage(`${PLACES["a server"]}index.html`, {}, async (page) => {
		await page.locator("#site-search").fill("<img src=x onerror=alert(1)> zzqqzz");
		await page.getByText("No page has all of these words.").waitFor();
		assert.is(await page.locator("#site-results img").count(), 0);
		await page.locator("#site-search").fill("");
		await page.locator("#site-results").waitFor({ state: "hidden" });
	}));

test("the theme follows the system, and a choice is kept on the next page", () =>
	onPage(`${PLACES["a server"]}index.html`, { colorScheme: "dark" }, async (page) => {
		const background = (): Promise<string> => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
		assert.is(await background(), "rgb(20, 23, 28)");
		await page.locator(".theme").click();
		assert.is(await background(), "rgb(255, 255, 255)");
		await page.goto(`${PLACES["a server"]}docs/network.html`);
		assert.is(await background(), "rgb(255, 255, 255)");
	}));

for (const colorScheme of ["light", "dark"] as const) {
	test(`pages pass axe in the ${colorScheme} colours`, async () => {
		for (const path of ["index.html", "src/config/index.html", "src/router/index.html", "docs/embed.html"])
			await onPage(PLACES["a server"] + path, { colorScheme }, async (page) => {
				await page.locator("#site-search").fill("budget");
				await page.locator("[role=option]").first().waitFor();
				assert.equal(await axeFindings(page), [], path);
			});
	});
}

test("a narrow screen has a menu and no sideways scroll, and passes axe", () =>
	onPage(`${PLACES["a server"]}src/config/index.html`, { viewport: { width: 360, height: 700 } }, async (page) => {
		assert.is(await page.locator("nav").isVisible(), false);
		await page.locator(".menu").click();
		assert.is(await page.locator("nav").isVisible(), true);
		assert.is(await page.locator(".menu").getAttribute("aria-expanded"), "true");
		await page.locator(".menu").click();
		assert.ok(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"));
		assert.equal(await axeFindings(page), []);
	}));

/** Runs axe in the page, and returns its findings with the first element of each. */
async function axeFindings(page: Page): Promise<string[]> {
	await page.evaluate(`${axe.source};undefined`);
	const { violations } = await page.evaluate<axe.AxeResults>("axe.run(document, { resultTypes: ['violations'] })");
	return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

runnable.after(async () => {
	server.close();
	await closeBrowser();
});

runnable.run();
