// A day's work of a program in TypeScript that knows the platform from its published description alone.
// `quanheng.d.ts` is generated from it; what it met is printed as JSON and judged by tests/api/test_journeys.py.
import createClient from "openapi-fetch";
import type { components, paths } from "./quanheng.js";

declare const process: { env: Record<string, string | undefined>; stdout: { write(text: string): void } };

interface Where {
  url: string;
  office_key: string;
  user_key: string;
  entity_id: number;
  limit: number;
  receiver: string;
  secret: string;
  seal: { instrument_id: number; seal_id: number; code: string };
  today: string;
  sheet: string;
}

type Change = components["schemas"]["ChangeOut"];
type Import = components["schemas"]["ImportOut"];

const where: Where = JSON.parse(process.env.WHERE ?? "{}");
const office = program(where.office_key);
const user = program(where.user_key);
const stranger = createClient<paths>({ baseUrl: where.url });

function program(key: string) {
  return createClient<paths>({ baseUrl: where.url, headers: { Authorization: `Bearer ${key}` } });
}

function once() {
  return { "Idempotency-Key": crypto.randomUUID() };
}

/** What came back; a problem says what it is. */
function given<T>(answer: { data?: T; error?: unknown; response: Response }): T {
  if (answer.data === undefined) {
    throw new Error(`${answer.response.status} ${answer.response.url}: ${JSON.stringify(answer.error)}`);
  }
  return answer.data;
}

async function everything(): Promise<number[]> {
  const seen: number[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: { limit: number; cursor: string } = { limit: where.limit, cursor };
    const page: components["schemas"]["InstrumentPage"] = given(
      await office.GET("/api/v1/instruments", { params: { query } }),
    );
    seen.push(...page.items.map((row) => row.id));
    cursor = page.next_cursor;
  }
  return seen;
}

async function registering() {
  const params = { header: once() };
  const body: components["schemas"]["InstrumentIn"] = {
    entity_id: where.entity_id, item: "digital-indicating-scale", name: "电子计价秤", serial_number: "J-1",
    manufacturer: "衡器厂", software_version: "V2", max_capacity_g: "30000",
    model: "", type_approval_number: "", accuracy_class: "", measuring_range: "", use: "trade",
    generation: "one_code", production_code: "", repair_code: "", verification_code: "", place: "",
  };
  const made = await user.POST("/api/v1/instruments", { params, body });
  const again = await user.POST("/api/v1/instruments", { params, body });
  const before = given(made);
  const instrument_id = before.id;
  const seen = made.response.headers.get("ETag") ?? "";
  const unchanged = await user.GET("/api/v1/instruments/{instrument_id}", {
    params: { path: { instrument_id }, header: { "If-None-Match": seen } },
  });
  const corrected = await user.PATCH("/api/v1/instruments/{instrument_id}", {
    params: { path: { instrument_id }, header: { ...once(), "If-Match": seen } },
    body: { model: "ACS-15" },
  });
  const late = await user.PATCH("/api/v1/instruments/{instrument_id}", {
    params: { path: { instrument_id }, header: { ...once(), "If-Match": seen } },
    body: { model: "ACS-60" },
  });
  const filed = given(
    await user.POST("/api/v1/filings", { params: { header: once() }, body: { instrument_ids: [instrument_id] } }),
  );
  return {
    before,
    again: given(again).id,
    replayed: again.response.headers.get("Idempotency-Replayed"),
    unchanged: unchanged.response.status,
    after: given(corrected),
    late: [late.response.status, late.error?.code],
    submitted: filed.submitted,
  };
}

async function standing(import_id: number): Promise<Import> {
  const rests = new Set<Import["state"]>(["needs_columns", "preview", "done", "undone", "refused"]);
  for (;;) {
    const run = given(await user.GET("/api/v1/imports/{import_id}", { params: { path: { import_id } } }));
    if (rests.has(run.state)) return run;
    await new Promise((later) => setTimeout(later, 100));
  }
}

async function importing() {
  const sent = await user.POST("/api/v1/imports", {
    params: { header: once() },
    body: { file: where.sheet, commit_without_asking: false },
    bodySerializer: ({ file }) => {
      const form = new FormData();
      form.append("file", new Blob([file], { type: "text/csv" }), "台账.csv");
      return form;
    },
  });
  const import_id = given(sent).id;
  const params = () => ({ path: { import_id }, header: once() });
  const asked = await standing(import_id);
  const columns = Object.fromEntries(asked.questions.map((question) => [question.header, null]));
  given(await user.POST("/api/v1/imports/{import_id}/columns", { params: params(), body: { columns } }));
  const preview = await standing(import_id);
  given(await user.POST("/api/v1/imports/{import_id}/confirm", { params: params() }));
  const done = await standing(import_id);
  const made = given(await user.GET("/api/v1/instruments", { params: { query: { import_id } } }));
  given(await user.POST("/api/v1/imports/{import_id}/undo", { params: params(), body: { reason: "传错文件" } }));
  return {
    states: [asked.state, preview.state, done.state, (await standing(import_id)).state],
    questions: asked.questions.map((question) => question.header),
    made: made.items.map((row) => [row.id, row.serial_number]),
  };
}

async function breaking() {
  const { instrument_id, seal_id, code } = where.seal;
  const scan = async () => given(await stranger.GET("/api/v1/scan/{code}", { params: { path: { code } } }));
  const before = await scan();
  given(
    await office.POST("/api/v1/instruments/{instrument_id}/seals/{seal_id}/break", {
      params: { path: { instrument_id, seal_id }, header: once() },
      body: { on: where.today, reason: "现场检查发现铅封断裂", broken_by: "", witness: "" },
    }),
  );
  const after = await scan();
  return [before, after].map(({ grade, reason }) => [grade, reason]);
}

async function following(since: string): Promise<{ followed: unknown[]; cursor: string }> {
  const followed: Change[] = [];
  let cursor = since;
  for (let more = true; more; ) {
    const page = given(await office.GET("/api/v1/changes", { params: { query: { since: cursor, limit: 50 } } }));
    followed.push(...page.items);
    ({ cursor, has_more: more } = page);
  }
  return { followed: followed.map(({ kind, id, what }) => [kind, id, what]), cursor };
}

const me = given(await user.GET("/api/v1/whoami"));
const { cursor } = given(await office.GET("/api/v1/changes"));
const webhook = given(
  await office.POST("/api/v1/webhooks", {
    params: { header: once() },
    body: { url: where.receiver, kinds: [], secret: where.secret },
  }),
);
const report = {
  role: me.role,
  webhook: webhook.id,
  seen: await everything(),
  registered: await registering(),
  imported: await importing(),
  scanned: await breaking(),
  ...(await following(cursor)),
};
process.stdout.write(JSON.stringify(report));
