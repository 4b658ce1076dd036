import type { ChildProcess } from "node:child_process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { spear } from "../../helpers/spear.ts";

const test = suite("spear serve --demo");

test("the demonstration serves the page and the admin API by the key that it prints", async () => {
	let child: ChildProcess | undefined;
	const listening = Promise.withResolvers<{ readonly url: string; readonly adminKey: string }>();
	const ended = spear(["serve", "--demo", "--port", "0", "--json"], {
		onStart(started) {
			child = started;
			let printed = "";
			started.stdout?.on("data", (data: Buffer) => {
				printed += data.toString();
				if (printed.includes("\n")) listening.resolve(JSON.parse(printed));
			});
		},
	});
	void ended.then(({ stderr }) => listening.reject(new Error(stderr)));
	const { url, adminKey } = await listening.promise;
	assert.match(await (await fetch(`${url}/`)).text(), / data-demo>/);
	const statusBy = async (key: string): Promise<number> =>
		(await fetch(`${url}/admin/v1/backends`, { headers: { authorization: `Bearer ${key}` } })).status;
	assert.equal([await statusBy(adminKey), await statusBy("another-key-of-a-test")], [200, 401]);
	child?.kill("SIGTERM");
	const { stderr } = await ended;
	assert.not.match(stderr, /\n\s+at /);
});

test("the demonstration takes no configuration", async () => {
	const { code, stderr } = await spear(["serve", "--demo", "--config", "spear.toml"]);
	assert.is(code, 2);
	assert.match(stderr, /'--demo' cannot be used with option '-c, --config/);
});

test.run();
