/** A real browser for tests of the operator's page: the system's chromium, driven without a display. */
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { testBrowser } from "../../scripts/testing/test-browser.ts";

/** Path of the browser. `undefined` for none. */
export const BROWSER: string | undefined = testBrowser();

/** Flags that keep the browser from the network by itself. */
const FLAGS = [
	"--no-sandbox",
	"--disable-gpu",
	"--disable-quic",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
	"--no-first-run",
];

/** Longest wait for anything in the browser, in milliseconds. Far above what an idle machine needs. */
export const BROWSER_TIMEOUT_MS = 30_000;

export interface ContextOptions {
	/** The default is light. */
	readonly colorScheme?: "light" | "dark";
	/** The default is 1280 by 900. */
	readonly viewport?: { readonly width: number; readonly height: number };
}

let starting: Promise<Browser> | undefined;

/** Opens a context of its own in the browser of the test file, which starts with the first: no two contexts share storage or cache. */
export async function openContext({
	colorScheme = "light",
	viewport = { width: 1280, height: 900 },
}: ContextOptions = {}): Promise<BrowserContext> {
	starting ??= chromium.launch({ executablePath: BROWSER ?? "", headless: true, args: FLAGS });
	const context = await (await starting).newContext({ colorScheme, viewport, reducedMotion: "reduce" });
	context.setDefaultTimeout(BROWSER_TIMEOUT_MS);
	return context;
}

/** Ends the browser of the test file, and removes its profile. */
export async function closeBrowser(): Promise<void> {
	const browser = await starting;
	starting = undefined;
	await browser?.close();
}
