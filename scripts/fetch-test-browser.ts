/**
 * `npm run fetch:test-browser`: installs chromium with apt for the tests of the operator's page. A browser that is there stays, and `SPEAR_TEST_BROWSER`
 * names another one.
 *
 * Prints one line. Exits 1 if the browser could not be installed; tests that need it are then skipped.
 */
import "./require-node.ts";
import process from "node:process";
import { installTestBrowser, testBrowser } from "./testing/test-browser.ts";

try {
	await installTestBrowser();
	console.log(`the browser of the tests is ${testBrowser()}`);
} catch (thrown) {
	const reason = thrown instanceof Error ? (thrown.message.split("\n")[0] ?? "") : String(thrown);
	console.error(`the browser of the tests could not be installed, so its tests are skipped: ${reason}`);
	process.exitCode = 1;
}
