import { expect, test } from '@playwright/test';
import { balanceOf } from '../support/classbalance';
import { ClassCollector } from '../support/classcollector';
import { NodeStudents } from '../support/nodestudents';

const STUDENTS = 30;
const KILLS = 10;
const EVENTS = 20;

test('a class collector is killed ten times while a class sends', async () => {
  const collector = await ClassCollector.start();
  const students = new NodeStudents(
    STUDENTS,
    collector.url,
    collector.classKey
  );
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      // Of thirty POSTs at once none was answered, then two, then four ...
      const answered = students.answered(2 * kill);
      for (let act = 0; act < STUDENTS * EVENTS; act++) {
        students.act(act);
      }
      students.wake();
      await answered;
      await collector.end('SIGKILL');
      await collector.resume();
    }
    students.wake();
    await students.drained();

    // Answers were lost with the collector, and not the events that it had taken.
    expect(students.statuses.get(0)).toBeGreaterThanOrEqual(KILLS);
    expect(await balanceOf(collector, students.produced)).toEqual({
      stored: STUDENTS * KILLS * EVENTS,
      duplicates: 0,
      lost: 0,
      strange: 0
    });
    expect(students.refusals).toEqual([]);
    expect(students.dropped).toBe(0);
  } finally {
    await students.close();
    await collector.stop();
  }
});
