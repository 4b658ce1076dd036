import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { installTestBrowser, testBrowser } from "../../../scripts/testing/test-browser.ts";

const test = suite("browser of the tests");

test("the browser that SPEAR_TEST_BROWSER names is used if it is there, and nothing is installed then", async () => {
	const before = process.env.SPEAR_TEST_BROWSER;
	try {
		process.env.SPEAR_TEST_BROWSER = process.execPath;
		assert.is(testBrowser(), process.execPath);
		await installTestBrowser();
		process.env.SPEAR_TEST_BROWSER = "/nowhere/chromium";
		assert.is(testBrowser(), undefined);
	} finally {
		if (before === undefined) delete process.env.SPEAR_TEST_BROWSER;
		else process.env.SPEAR_TEST_BROWSER = before;
	}
});

test.run();
