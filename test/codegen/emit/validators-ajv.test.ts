/** The project's generated validators against ajv: the same faults, with the same words, for random values of every schema. */
import * as fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { schemaOf, type Target } from "../../../codegen/emit/kit/checks/references.ts";
import { schemaDocuments } from "../../../codegen/emit/kit/schema/documents.ts";
import { readExtraSchemas } from "../../../codegen/emit/kit/schema/extra-schemas.ts";
import { validatorsEmitter } from "../../../codegen/emit/validators/index.ts";
import { validatorPlans } from "../../../codegen/emit/validators/plan.ts";
import { pascalCase } from "../../../codegen/model/names/spelling.ts";
import { ajvFaults, faultTexts } from "../../helpers/ajv-validator.ts";
import { emitText, GeneratedFiles, projectAbi } from "../../helpers/codegen.ts";
import { valuesWithFaults } from "../../helpers/schema-values.ts";

const RUNS = Number(process.env.SPEAR_VALIDATOR_CASES ?? 60);

test("every validator finds what ajv finds", async () => {
	const abi = await projectAbi();
	const extra = await readExtraSchemas();
	const generated = await GeneratedFiles.write(await emitText(validatorsEmitter, abi));
	try {
		const plans = [...validatorPlans(abi, extra)].flatMap(([module, own]) =>
			own.map(({ name, target }) => ({ file: `schema/validate/${module}.js`, name, target, form: "memory" as const })),
		);
		const wire = abi.families.map((family) => ({
			file: `schema/validate-wire/${family.name}.js`,
			name: "payload",
			target: { module: family.name, name: pascalCase(family.payload.name) },
			form: "wire" as const,
		}));
		let faulty = 0;
		for (const { file, name, target, form } of [...plans, ...wire]) {
			const validate = (await generated.load(file))[name];
			if (typeof validate !== "function") throw new Error(`${file} has no ${name}`);
			const documents = schemaDocuments(abi, extra, form);
			const judge = ajvFaults(documents, refOf(target));
			const values = valuesWithFaults(schemaOf(target, documents), target.module, documents);
			fc.assert(
				fc.property(values, (value) => {
					const valid = validate(value);
					const faults = faultTexts(Object(validate).errors ?? []);
					assert.equal(faults, judge(value), `${file} ${name}`);
					assert.is(valid, faults.length === 0);
					faulty += faults.length;
				}),
				{ numRuns: RUNS },
			);
		}
		assert.ok(faulty > RUNS, "faults were found");
	} finally {
		await generated.remove();
	}
});

function refOf({ module, name }: Target): string {
	return `${module}.schema.json${name === undefined ? "" : `#/$defs/${name}`}`;
}

test.run();
