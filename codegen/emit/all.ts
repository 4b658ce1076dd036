/** Every emitter of a normal run, in the order in which they start. The writer sorts their files by path. */

import { convertEmitter } from "./abi-component/convert/index.ts";
import { componentEmitter } from "./abi-component/index.ts";
import { loweringEmitter } from "./abi-component/lowering/index.ts";
import { witShapeEmitter } from "./abi-component/wit-shape/index.ts";
import { backendsEmitter } from "./backends/index.ts";
import { coreEmitter } from "./core/index.ts";
import { docsEmitter } from "./docs/index.ts";
import type { Emitter } from "./emitter.ts";
import { fieldsEmitter } from "./fields/index.ts";
import { guestEmitter } from "./guest/index.ts";
import { hostcallEmitter } from "./hostcall/index.ts";
import { irEmitter } from "./ir/index.ts";
import { registryEmitter } from "./registry/index.ts";
import { schemaEmitter } from "./schema/index.ts";
import { validatorsEmitter } from "./validators/index.ts";
import { wireEmitter } from "./wire/index.ts";

export const emitters: readonly Emitter[] = [
	// Waits longest for a process of its own.
	guestEmitter,
	irEmitter,
	schemaEmitter,
	validatorsEmitter,
	witShapeEmitter,
	convertEmitter,
	loweringEmitter,
	wireEmitter,
	fieldsEmitter,
	hostcallEmitter,
	componentEmitter,
	backendsEmitter,
	docsEmitter,
	registryEmitter,
	coreEmitter,
];
