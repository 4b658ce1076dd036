import { test } from "uvu";
import * as assert from "uvu/assert";
import { Quota } from "../../src/media/quota.ts";

test("bytes are counted per guest up to the limit, and given back", () => {
	const quota = new Quota(10);
	quota.reserve("a", 6);
	assert.throws(() => quota.reserve("a", 5), /of which 6 are used: 5 more do not fit/);
	quota.reserve("a", 4);
	quota.reserve("b", 10);
	quota.release("a", 7);
	assert.equal([quota.usedBy("a"), quota.usedBy("b"), quota.usedBy("c")], [3, 10, 0]);
});

test("pieces are counted too: empty ones would never use bytes up", () => {
	const quota = new Quota(10, 2);
	for (let object = 0; object < 2; object++) {
		quota.checkObjects("a");
		quota.addObject("a");
	}
	assert.throws(() => quota.checkObjects("a"), /this guest has 2 media objects, the maximum/);
	quota.checkObjects("b");
	quota.removeObject("a");
	quota.checkObjects("a");
});

test.run();
