/*
 * verify_parallel.c
 *	  The two halves of verify_ledger() side by side: a worker looks at what
 *	  was recorded (tree, acts, entries), this process at what there is now
 *	  (rows, lives).
 *
 * Both see what the snapshot shows, and neither needs more of the other than
 * what acts say about small tables, which both read.  The worker sends its
 * problems when it is done; they come first, as they do without a worker.
 * Whether there is one, is for the settings that say so for an index build:
 * max_parallel_maintenance_workers, min_parallel_table_scan_size.
 */
#include "certdata.h"

#include "access/parallel.h"
#include "access/xact.h"
#include "executor/tqueue.h"
#include "miscadmin.h"
#include "optimizer/paths.h"
#include "storage/bufmgr.h"
#include "storage/proc.h"
#include "storage/shm_mq.h"
#include "storage/shm_toc.h"
#include "utils/typcache.h"

#include "guard/act.h"
#include "ledger/verify.h"

PGDLLEXPORT void verify_worker_main(dsm_segment *segment, shm_toc *toc);

enum
{
	KEY_NEXT = 1, KEY_QUEUE
};

#define QUEUE_SIZE 65536

typedef struct Worker
{
	ParallelContext *context;
	TupleQueueReader *reader;
} Worker;

/* ---- the worker ---- */

static void
send_problems(Verifier *v, dsm_segment *segment, shm_mq *queue)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(v->desc, &TTSOpsMinimalTuple);
	DestReceiver *receiver;

	receiver = CreateTupleQueueDestReceiver(shm_mq_attach(queue, segment, NULL));
	while (tuplestore_gettupleslot(v->store, true, false, slot))
		if (!receiver->receiveSlot(slot, receiver))
			break;
	receiver->rDestroy(receiver);
	ExecDropSingleTupleTableSlot(slot);
}

void
verify_worker_main(dsm_segment *segment, shm_toc *toc)
{
	shm_mq	   *queue = shm_toc_lookup(toc, KEY_QUEUE, false);
	Verifier	v = {0};

	shm_mq_set_sender(queue, MyProc);
	v.store = tuplestore_begin_heap(false, false, work_mem);
	v.desc = lookup_rowtype_tupdesc_copy(own_type("problem"), -1);
	verify_begin(&v);
	v.next = *(uint64 *) shm_toc_lookup(toc, KEY_NEXT, false);
	verify_recorded(&v);
	verify_end(&v);
	send_problems(&v, segment, queue);
	tuplestore_end(v.store);
}

/* ---- who waits for it ---- */

static bool
is_worth_it(const Verifier *v)
{
	return !IsInParallelMode() && max_parallel_maintenance_workers > 0 &&
		RelationGetNumberOfBlocks(v->numbers.rel) >= (BlockNumber) min_parallel_table_scan_size;
}

static void
share(const Verifier *v, ParallelContext *context, shm_mq **queue)
{
	uint64	   *next = shm_toc_allocate(context->toc, sizeof(uint64));

	*next = v->next;
	shm_toc_insert(context->toc, KEY_NEXT, next);
	*queue = shm_mq_create(shm_toc_allocate(context->toc, QUEUE_SIZE), QUEUE_SIZE);
	shm_toc_insert(context->toc, KEY_QUEUE, *queue);
	shm_mq_set_receiver(*queue, MyProc);
}

static void
end_worker(Worker *worker)
{
	DestroyParallelContext(worker->context);
	ExitParallelMode();
}

/* false: there is none to be had */
static bool
start_worker(const Verifier *v, Worker *worker)
{
	ParallelContext *context;
	shm_mq	   *queue = NULL;
	shm_mq_handle *handle;

	EnterParallelMode();
	context = worker->context = CreateParallelContext("certdata", "verify_worker_main", 1);
	shm_toc_estimate_chunk(&context->estimator, sizeof(uint64));
	shm_toc_estimate_chunk(&context->estimator, QUEUE_SIZE);
	shm_toc_estimate_keys(&context->estimator, 2);
	InitializeParallelDSM(context);
	if (context->seg != NULL)
	{
		share(v, context, &queue);
		LaunchParallelWorkers(context);
	}
	if (context->nworkers_launched == 0)
	{
		end_worker(worker);
		return false;
	}
	handle = shm_mq_attach(queue, context->seg, context->worker[0].bgwhandle);
	worker->reader = CreateTupleQueueReader(handle);
	return true;
}

/* An error of the worker's is raised here. */
static void
read_problems(Verifier *v, Worker *worker)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(v->desc, &TTSOpsMinimalTuple);
	MinimalTuple tuple;
	bool		done = false;

	while ((tuple = TupleQueueReaderNext(worker->reader, false, &done)) != NULL || !done)
	{
		if (tuple == NULL)
			continue;
		ExecStoreMinimalTuple(tuple, slot, false);
		tuplestore_puttupleslot(v->store, slot);
	}
	DestroyTupleQueueReader(worker->reader);
	ExecDropSingleTupleTableSlot(slot);
	WaitForParallelWorkersToFinish(worker->context);
}

static void
append_problems(Verifier *v, Tuplestorestate *from)
{
	TupleTableSlot *slot = MakeSingleTupleTableSlot(v->desc, &TTSOpsMinimalTuple);

	while (tuplestore_gettupleslot(from, true, false, slot))
		tuplestore_puttupleslot(v->store, slot);
	ExecDropSingleTupleTableSlot(slot);
	tuplestore_end(from);
}

bool
verify_side_by_side(Verifier *v)
{
	Tuplestorestate *all = v->store;
	Tuplestorestate *own;
	Worker		worker;

	if (!is_worth_it(v) || !start_worker(v, &worker))
		return false;
	own = v->store = tuplestore_begin_heap(false, false, work_mem);
	small_acts(v);
	verify_present(v);
	v->store = all;
	read_problems(v, &worker);
	append_problems(v, own);
	end_worker(&worker);
	return true;
}
