import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { handler } from "../../../pipeline/commands/serve/server.ts";
import { LiveLog } from "../../../pipeline/commands/session/live.ts";
import { violations } from "../../report/axe.ts";
import { ARGUMENTS, browserTest, EXECUTABLE, moving } from "../../report/browser.ts";
import { temporaryFolder } from "../../store/temporary.ts";

const GRAPH = [
  { name: "download", after: [] },
  { name: "preprocess", after: ["download"] },
  { name: "train", after: ["preprocess", "download"] },
];

async function writeReport(reports: string, name: string, loss: number, dataset = "mnist"): Promise<void> {
  const folder = `${reports}/${name}`;
  await Deno.mkdir(folder, { recursive: true });
  const model = { architecture: "dense", latentSize: 2 };
  const spec = { name, dataset: { name: dataset }, model, seed: 1, training: { epochs: 3 } };
  await Deno.writeTextFile(`${folder}/spec.json`, JSON.stringify(spec));
  const test = { loss, reconstruction: loss - 5, kl: 5 };
  await Deno.writeTextFile(`${folder}/metrics.json`, JSON.stringify({ test }));
  await Deno.writeTextFile(
    `${folder}/index.html`,
    `<!DOCTYPE html><title>${name}</title><p>Report of ${name}`,
  );
}

browserTest(
  "reports are searched, sorted and put beside each other, and a run that goes on grows",
  async () => {
    await using folder = await temporaryFolder();
    const { path } = folder;
    await writeReport(`${path}/reports`, "first", 120);
    await writeReport(`${path}/reports`, "second", 90);
    await writeReport(`${path}/reports`, "<b>third</b>", 150, "piano-genres");
    await Deno.mkdir(`${path}/artifacts`);
    let port = 0;
    const served = { reports: `${path}/reports`, store: `${path}/artifacts`, stages: GRAPH };
    await using server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      handler(served, () => ({ host: "127.0.0.1", port, token: undefined })),
    );
    port = server.addr.port;
    const browser = await chromium.launch({ executablePath: EXECUTABLE!, args: ARGUMENTS });
    try {
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on("pageerror", (error) => problems.push(error.message));
      page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
      await page.goto(`http://127.0.0.1:${port}/`);
      assert.deepEqual(await violations(page), []);
      await page.emulateMedia({ reducedMotion: "reduce" });
      assert.deepEqual(await moving(page), []);
      const names = () => page.locator("tbody th").allTextContents();
      await page.getByRole("button", { name: "−ELBO, test" }).click();
      assert.deepEqual(await names(), ["second", "first", "<b>third</b>"]);
      await page.getByRole("button", { name: "−ELBO, test" }).click();
      assert.deepEqual(await names(), ["<b>third</b>", "first", "second"]);
      assert.equal(
        await page.locator("th", { hasText: "−ELBO, test" }).getAttribute("aria-sort"),
        "descending",
      );
      await page.getByLabel("Search").fill("SEC mnist");
      assert.deepEqual(await names(), ["second"]);
      await page.getByLabel("Search").fill("");
      await page.getByLabel("Data").selectOption("piano-genres");
      assert.deepEqual(await names(), ["<b>third</b>"]);
      await page.getByText("1 of 3 reports").waitFor();
      await page.getByLabel("Data").selectOption("");

      await page.getByLabel("Number").selectOption("−ELBO, test");
      await page.getByLabel("from").fill("91.5");
      await page.getByLabel("to", { exact: true }).fill("130");
      assert.deepEqual(await names(), ["first"]);
      await page.getByLabel("from").fill("");
      await page.getByLabel("to", { exact: true }).fill("");
      assert.deepEqual(
        await page.locator("thead button").allTextContents(),
        ["Name", "Data", "Model", "Epochs", "−ELBO, test", "Reconstr.", "KL", "Made"],
        "only what is known of some report",
      );

      await page.getByRole("row", { name: "second" }).getByRole("button", { name: "Run again" }).click();
      await page.getByText("deno task run reports/second/spec.json").waitFor();
      await page.getByLabel("Choose first").check();
      await page.getByLabel("Choose second").check();
      await page.getByRole("button", { name: "Put two beside each other" }).click();
      await page.frameLocator("iframe[title=first]").getByText("Report of first").waitFor();
      await page.frameLocator("iframe[title=second]").getByText("Report of second").waitFor();
      await page.getByRole("button", { name: "Close" }).click();

      assert(!await page.getByText("Going on").isVisible());
      {
        using log = new LiveLog(served.store);
        const where = { experiment: "fourth", stage: "train", key: "k" };
        log.tell({ ...where, type: "start", reason: { kind: "never-ran" } });
        log.tell({
          ...where,
          type: "progress",
          fraction: 0.5,
          text: "epoch 2/4",
          values: { epoch: 2, loss: 100 },
        });
        await page.getByRole("heading", { name: "fourth" }).waitFor();
        await page.locator("li.runs", { hasText: "50 %" }).waitFor();
        await page.getByRole("img", {
          name: "Stages of fourth: download waits, preprocess waits, train runs",
        }).waitFor();
        assert.equal(await page.locator(".graph .edge").count(), 3, "an arrow for each stage that is read");
        assert.equal(
          await page.locator(".graph .runs.node title").textContent(),
          "train: runs: it never ran",
        );
        assert.deepEqual(await violations(page), []);
        // What a reader does with the log is not undone by what else is told.
        const lines = page.getByLabel("Log of fourth");
        await lines.focus();
        await page.evaluate("getSelection().selectAllChildren(document.activeElement)");
        await new Promise((done) => setTimeout(done, 600));
        log.tell({
          ...where,
          type: "progress",
          fraction: 0.75,
          text: "epoch 3/4",
          values: { epoch: 3, loss: 90 },
        });
        await page.getByRole("img", { name: "Training loss, 90.0 nats at epoch 3.0" }).waitFor();
        assert(await lines.evaluate((element) => element.ownerDocument.activeElement === element));
        assert.match(await page.evaluate("String(getSelection())"), /train runs: it never ran/);
        await writeReport(`${path}/reports`, "fourth", 80);
      }
      await page.getByRole("link", { name: "fourth" }).waitFor();
      assert.doesNotMatch(await page.locator("#said").textContent() ?? "", /Ended/);
      {
        using log = new LiveLog(served.store);
        const where = { experiment: "fifth", stage: "train", key: "k" };
        log.tell({ ...where, type: "queued", text: "job 7_0, until nodes have room for it (Resources)" });
        await page.locator("li.queued", { hasText: "until nodes have room for it (Resources)" }).waitFor();
        log.tell({ ...where, type: "start", reason: { kind: "never-ran" }, on: "node n1, job 7_0" });
        await page.locator("li.runs", { hasText: "node n1, job 7_0: it never ran" }).waitFor();
        log.tell({ ...where, type: "failed", message: "Training diverged: loss NaN at epoch 3" });
        await page.locator("li.failed", { hasText: "Training diverged: loss NaN at epoch 3" }).waitFor();
      }
      await page.getByText("Ended without a new report: fifth.").waitFor();
      assert.deepEqual(problems, []);
    } finally {
      await browser.close();
    }
  },
);
