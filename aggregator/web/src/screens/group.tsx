// S12: one group, and who is in it.

import { useState } from "preact/hooks";
import type { Group as GroupThing } from "../api/people.ts";
import { path } from "../api/request.ts";
import { mayAdminister } from "../api/session.ts";
import type { ScreenProps } from "../frame/app.tsx";
import { go } from "../frame/router.ts";
import { useReading } from "../live/reading.ts";
import { useAct } from "../parts/act.ts";
import { change } from "../parts/change.tsx";
import { ask } from "../parts/dialog.tsx";
import { Head } from "../parts/head.tsx";
import { MenuButton } from "../parts/menu.tsx";
import { Panel, ProblemNote } from "../parts/notes.tsx";
import { complain, toast } from "../parts/toasts.tsx";
import { TwoLists } from "../parts/two_lists.tsx";
import { Unread } from "../parts/unread.tsx";
import { deleteUsed } from "../parts/uses.tsx";
import { count } from "../words/amounts.ts";
import { UsesPanel } from "./contact.tsx";
import { contactOptions } from "./policy_fields.tsx";
import { usePeople } from "./policy_form.tsx";

export function Group({ params }: ScreenProps) {
  const name = params["name"]!;
  const route = path("groups", name);
  const reading = useReading<GroupThing>(route, ["group"]);
  const group = reading.found;
  if (!group) return <Unread title={name} reading={reading} />;
  return (
    <>
      <GroupHead group={group} />
      {mayAdminister.value && group.managed_by === null ? (
        <Members key={group.members.join()} group={group} done={reading.reread} />
      ) : (
        <MemberList group={group} />
      )}
      <UsesPanel route={route} none="No policy names it: it is told nothing." />
    </>
  );
}

async function rename(group: GroupThing): Promise<void> {
  const answer = await ask({
    title: `Rename ${group.name}`,
    fields: [{ name: "name", label: "New name", value: group.name, isRequired: true }],
    confirm: "Rename",
    act: (filled) => change("PATCH", path("groups", group.name), filled, group),
  });
  if (answer) go(path("groups", answer["name"]!), { replace: true });
}

function GroupHead({ group }: { group: GroupThing }) {
  const remove = async () => {
    if (await deleteUsed("group", group.name)) go("/groups");
  };
  const items = () => [
    { word: "Rename", run: () => void rename(group).catch(complain) },
    { word: "Delete", run: () => void remove().catch(complain), isDangerous: true },
  ];
  return (
    <Head
      title={group.name}
      sentence={[
        count(group.member_count, "member"),
        group.managed_by && `declared in ${group.managed_by}`,
      ]
        .filter(Boolean)
        .join("; ")}
    >
      {mayAdminister.value && <MenuButton label={`Actions for ${group.name}`} items={items} />}
    </Head>
  );
}

function MemberList({ group }: { group: GroupThing }) {
  return (
    <Panel title="Members">
      <ul>
        {group.members.map((name) => (
          <li key={name}>
            <a href={path("contacts", name)}>{name}</a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Members({ group, done }: { group: GroupThing; done: () => void }) {
  const { contacts } = usePeople();
  const [chosen, setChosen] = useState(group.members);
  const { act, problem, isActing } = useAct();
  const add = chosen.filter((name) => !group.members.includes(name));
  const remove = group.members.filter((name) => !chosen.includes(name));
  const save = async () => {
    const saved = await change("PATCH", path("groups", group.name), { add, remove }, group);
    if (saved === null) return;
    toast(`${group.name}: ${count(chosen.length, "member")}`);
    done();
  };
  const options = contactOptions(contacts).map((option) => ({
    ...option,
    isBarred: option.remark !== undefined,
  }));
  return (
    <Panel title="Members">
      <TwoLists
        all="All contacts"
        some="Members"
        options={options}
        chosen={chosen}
        onChange={setChosen}
      />
      {problem && <ProblemNote problem={problem} />}
      <footer class="saving">
        <span class="quiet" role="status">
          {add.length + remove.length > 0 &&
            `Not saved yet: ${add.length} to add, ${remove.length} to take out`}
        </span>
        <button
          type="button"
          class="main"
          disabled={isActing || add.length + remove.length === 0}
          onClick={() => void act(save)}
        >
          Save
        </button>
      </footer>
    </Panel>
  );
}
