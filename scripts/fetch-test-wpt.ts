/**
 * `npm run fetch:test-wpt`: downloads data of web-platform-tests for the tests of the platform of guests, 300 kB. The folder is outside the
 * repository, and `SPEAR_TEST_WPT` names another one. Files that are there stay.
 *
 * Prints one line. Exits 1 if the files could not be downloaded; tests that need them are then skipped.
 */
import "./require-node.ts";
import process from "node:process";
import { fetchWptData, wptFolder } from "./testing/web-platform-tests.ts";

try {
	await fetchWptData();
	console.log(`the data of web-platform-tests is in ${wptFolder()}`);
} catch (thrown) {
	const reason = thrown instanceof Error ? thrown.message : String(thrown);
	console.error(`the data of web-platform-tests could not be downloaded, so its tests are skipped: ${reason}`);
	process.exitCode = 1;
}
