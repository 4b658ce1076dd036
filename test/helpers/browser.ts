/** A real browser for tests of the operator's page: the system's chromium, driven without a display. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BrowserContext, chromium } from "playwright-core";
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

export interface TestBrowser {
	readonly context: BrowserContext;
	close(): Promise<void>;
}

export interface BrowserOptions {
	/** The default is light. */
	readonly colorScheme?: "light" | "dark";
	/** The default is 1280 by 900. */
	readonly viewport?: { readonly width: number; readonly height: number };
}

/** Starts a browser with a profile of its own, which is removed at the end. */
export async function startBrowser({
	colorScheme = "light",
	viewport = { width: 1280, height: 900 },
}: BrowserOptions = {}): Promise<TestBrowser> {
	const profile = mkdtempSync(join(tmpdir(), "spear-browser-"));
	const context = await chromium.launchPersistentContext(profile, {
		executablePath: BROWSER ?? "",
		headless: true,
		args: FLAGS,
		colorScheme,
		viewport,
		reducedMotion: "reduce",
	});
	context.setDefaultTimeout(20_000);
	return {
		context,
		async close() {
			await context.close();
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}
