import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { userCacheDirectory } from "../../src/paths/user-cache.ts";

if (process.platform !== "win32")
	test("a user whose HOME is empty has no cache in the working directory", () => {
		const { HOME, XDG_CACHE_HOME } = process.env;
		try {
			delete process.env.XDG_CACHE_HOME;
			process.env.HOME = "";
			assert.is(userCacheDirectory(), undefined);
			process.env.HOME = "/home/one";
			assert.is(userCacheDirectory(), "/home/one/.cache/spear-hostcall");
		} finally {
			for (const [name, value] of Object.entries({ HOME, XDG_CACHE_HOME }))
				if (value === undefined) delete process.env[name];
				else process.env[name] = value;
		}
	});

test.run();
