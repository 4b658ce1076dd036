/** The operator's browser in tests: opens the page with the key, and watches what the page must never do. */
import type { Page } from "playwright-core";
import { BROWSER_TIMEOUT_MS, openContext } from "../../../helpers/browser.ts";
import { ADMIN_KEY } from "../fake-admin.ts";

export interface Operator {
	readonly page: Page;
	/** URLs of all requests of the browser. */
	readonly requests: string[];
	/** Scripts that failed. */
	readonly faults: string[];
	/** Directives of the content security policy that something violated. */
	violations(): Promise<string[]>;
	/** Resolves when an expression is true in the page. */
	until(expression: string): Promise<void>;
	/** Goes to a place of the page without loading it again. */
	go(hash: string): Promise<void>;
	close(): Promise<void>;
}

export interface OperatorOptions {
	readonly colorScheme?: "light" | "dark";
	readonly viewport?: { readonly width: number; readonly height: number };
	/** The key is in the tab already. The default is true. */
	readonly isUnlocked?: boolean;
	/** The default is the key of the fake admin API. */
	readonly key?: string;
}

const POLL_MS = 20;

/** Script that notes what violates the content security policy, in the global `violations`. */
const WATCH_VIOLATIONS = `
	globalThis.violations = [];
	document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => violations.push(effectiveDirective));
`;

/** Opens the page at a URL. */
export async function openPage(url: string, { isUnlocked = true, key = ADMIN_KEY, ...options }: OperatorOptions = {}): Promise<Operator> {
	const context = await openContext(options);
	const page = await context.newPage();
	const requests: string[] = [];
	const faults: string[] = [];
	context.on("request", (request) => requests.push(request.url()));
	page.on("pageerror", (error) => faults.push(error.message));
	page.on("dialog", (dialog) => {
		faults.push(`dialog ${dialog.message()}`);
		void dialog.dismiss();
	});
	await page.addInitScript(WATCH_VIOLATIONS);
	if (isUnlocked) await page.addInitScript((stored) => sessionStorage.setItem("spear-admin-key", stored), key);
	await page.goto(url);
	return {
		page,
		requests,
		faults,
		violations: () => page.evaluate("globalThis.violations"),
		// Not by the function of the driver, which evaluates a string in the page: the policy forbids that.
		until: async (expression) => {
			const deadline = performance.now() + BROWSER_TIMEOUT_MS;
			while (!(await page.evaluate<boolean>(expression))) {
				if (performance.now() > deadline) throw new Error(`the page does not reach: ${expression}`);
				await page.waitForTimeout(POLL_MS);
			}
		},
		go: async (hash) => {
			await page.evaluate(`location.assign(${JSON.stringify(hash)})`);
		},
		close: () => context.close(),
	};
}
