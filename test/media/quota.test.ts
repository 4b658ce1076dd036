import { test } from "uvu";
import * as assert from "uvu/assert";
import { Quota } from "../../src/media/quota.ts";

test("the quota counts the bytes of each guest, refuses those beyond the limit and releases those removed", () => {
	const quota = new Quota(10);
	quota.reserve("a", 6);
	assert.throws(() => quota.reserve("a", 5), /of which 6 are used: 5 more do not fit/);
	quota.reserve("a", 4);
	quota.reserve("b", 10);
	quota.release("a", 7);
	assert.equal({ a: quota.usedBy("a"), b: quota.usedBy("b"), c: quota.usedBy("c") }, { a: 3, b: 10, c: 0 });
});

test("the quota refuses a guest another object when it has the maximum of objects", () => {
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
