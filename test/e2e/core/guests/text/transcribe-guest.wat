(module
  (type (;0;) (func (param i32 i32 i32) (result i32)))
  (type (;1;) (func (param i32 i32 i32 i32) (result i32)))
  (type (;2;) (func (result i32)))
  (type (;3;) (func (param i32) (result i32)))
  (type (;4;) (func))
  (type (;5;) (func (param i32 i32)))
  (type (;6;) (func (param i32 i64)))
  (type (;7;) (func (param i32 i32) (result i32)))
  (type (;8;) (func (param i32)))
  (import "spear" "rtasr_create" (func (;0;) (type 2)))
  (import "spear" "rtasr_read" (func (;1;) (type 0)))
  (import "spear" "rtasr_ctl" (func (;2;) (type 1)))
  (import "spear" "rtasr_write" (func (;3;) (type 0)))
  (import "spear" "spear_epoll_create" (func (;4;) (type 2)))
  (import "spear" "spear_epoll_ctl" (func (;5;) (type 1)))
  (import "spear" "spear_epoll_wait" (func (;6;) (type 1)))
  (import "spear" "rtasr_close" (func (;7;) (type 3)))
  (import "spear" "log" (func (;8;) (type 0)))
  (table (;0;) 1 1 funcref)
  (memory (;0;) 3)
  (global (;0;) (mut i32) i32.const 142688)
  (export "memory" (memory 0))
  (export "_start" (func 9))
  (export "__indirect_function_table" (table 0))
  (func (;9;) (type 4)
    (local i32 i32 i32 i32 i32)
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    call 0
    local.set 0
    local.get 2
    i32.const 65536
    i32.store offset=28
    i32.const 1298
    local.get 0
    i32.const 1488
    local.get 2
    i32.const 28
    i32.add
    local.tee 1
    call 1
    i64.extend_i32_s
    call 10
    i32.const 1184
    local.get 0
    i32.const 1
    i32.const 1024
    call 11
    i64.extend_i32_s
    call 10
    i32.const 1191
    local.get 0
    i32.const 1
    i32.const 1036
    call 11
    i64.extend_i32_s
    call 10
    i32.const 1263
    local.get 0
    i32.const 1
    i32.const 1076
    call 11
    i64.extend_i32_s
    call 10
    i32.const 1171
    local.get 0
    i32.const 7
    i32.const 1111
    call 11
    i64.extend_i32_s
    call 10
    i32.const 1201
    local.get 0
    i32.const 7
    i32.const 1149
    call 11
    i64.extend_i32_s
    call 10
    local.get 2
    i32.const 65536
    i32.store offset=28
    i32.const 1269
    local.get 0
    i32.const 8
    i32.const 1488
    local.get 1
    call 2
    call 12
    i32.const 1285
    local.get 0
    i32.const 67024
    i32.const 9600
    call 3
    i64.extend_i32_s
    call 10
    i32.const 1214
    local.get 0
    i32.const 2
    i32.const 0
    call 11
    i64.extend_i32_s
    call 10
    i32.const 1249
    local.get 0
    i32.const 2
    i32.const 0
    call 11
    i64.extend_i32_s
    call 10
    i32.const 4
    local.set 1
    loop ;; label = @1
      local.get 1
      if ;; label = @2
        local.get 0
        i32.const 67024
        i32.const 9600
        call 3
        drop
        local.get 1
        i32.const 1
        i32.sub
        local.set 1
        br 1 (;@1;)
      else
        i32.const 1235
        local.get 0
        i32.const 4
        i32.const 1132
        call 11
        i64.extend_i32_s
        call 10
        i32.const 1273
        local.get 0
        i32.const 5
        i32.const 0
        call 11
        i64.extend_i32_s
        call 10
        call 4
        local.tee 3
        i32.const 1
        local.get 0
        i32.const 25
        call 5
        drop
        block ;; label = @3
          block ;; label = @4
            loop ;; label = @5
              local.get 2
              i32.const 8
              i32.store offset=12
              local.get 3
              local.get 2
              i32.const 16
              i32.add
              local.get 2
              i32.const 12
              i32.add
              i32.const 10000
              call 6
              local.tee 1
              i32.const 0
              i32.le_s
              if ;; label = @6
                i32.const 1209
                local.get 1
                i64.extend_i32_s
                call 10
                br 3 (;@3;)
              end
              local.get 2
              i32.load offset=20
              local.tee 1
              i32.const 1
              i32.and
              i32.const 1
              local.get 1
              i32.const 24
              i32.and
              select
              i32.eqz
              br_if 1 (;@4;)
              local.get 2
              i32.const 2
              i32.store offset=28
              local.get 0
              i32.const 1488
              local.get 2
              i32.const 28
              i32.add
              local.tee 4
              call 1
              local.tee 1
              i32.const -28
              i32.eq
              if ;; label = @6
                local.get 2
                i32.const 65536
                i32.store offset=28
                local.get 0
                i32.const 1488
                local.get 4
                call 1
                local.set 1
              end
              local.get 1
              i32.const 0
              i32.lt_s
              br_if 0 (;@5;)
              local.get 1
              i32.const 1418
              call 13
              if ;; label = @6
                i32.const 1345
                local.get 1
                call 12
              end
              local.get 1
              i32.const 1355
              call 13
              i32.eqz
              br_if 0 (;@5;)
            end
            i32.const 1310
            local.get 1
            call 12
          end
          local.get 2
          i32.const 65536
          i32.store offset=28
          i32.const 1222
          local.get 0
          i32.const 3
          i32.const 1488
          local.get 2
          i32.const 28
          i32.add
          local.tee 1
          call 2
          call 12
          i32.const 1229
          local.get 0
          i32.const 6
          i32.const 0
          call 11
          i64.extend_i32_s
          call 10
          i32.const 1279
          local.get 0
          call 7
          i64.extend_i32_s
          call 10
          i32.const 1320
          local.get 0
          i32.const 67024
          i32.const 9600
          call 3
          i64.extend_i32_s
          call 10
          i32.const 1333
          local.get 0
          i32.const 1488
          local.get 1
          call 1
          i64.extend_i32_s
          call 10
        end
        local.get 2
        i32.const 32
        i32.add
        global.set 0
      end
    end
  )
  (func (;10;) (type 6) (param i32 i64)
    (local i32 i32 i64 i64)
    local.get 0
    call 14
    i32.const 1351
    i32.const 1
    call 15
    i32.const 0
    local.set 0
    global.get 0
    i32.const 32
    i32.sub
    local.tee 2
    global.set 0
    local.get 1
    local.tee 4
    i64.const 63
    i64.shr_s
    local.tee 1
    local.get 4
    i64.add
    local.get 1
    i64.xor
    local.set 1
    loop ;; label = @1
      local.get 0
      local.get 2
      i32.add
      local.get 1
      local.get 1
      i64.const 10
      i64.div_u
      local.tee 5
      i64.const 10
      i64.mul
      i64.sub
      i32.wrap_i64
      i32.const 48
      i32.or
      i32.store8
      local.get 0
      i32.const 1
      i32.add
      local.set 0
      local.get 1
      i64.const 9
      i64.gt_u
      local.get 5
      local.set 1
      br_if 0 (;@1;)
    end
    local.get 4
    i64.const 0
    i64.lt_s
    if ;; label = @1
      i32.const 1353
      i32.const 1
      call 15
    end
    local.get 2
    i32.const 1
    i32.sub
    local.set 3
    loop ;; label = @1
      local.get 0
      i32.const 0
      i32.gt_s
      if ;; label = @2
        local.get 0
        local.get 3
        i32.add
        i32.const 1
        call 15
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        br 1 (;@1;)
      end
    end
    local.get 2
    i32.const 32
    i32.add
    global.set 0
    call 16
  )
  (func (;11;) (type 0) (param i32 i32 i32) (result i32)
    (local i32)
    global.get 0
    i32.const 16
    i32.sub
    local.tee 3
    global.set 0
    local.get 3
    local.get 2
    if (result i32) ;; label = @1
      local.get 2
      call 17
    else
      i32.const 0
    end
    i32.store offset=12
    local.get 0
    local.get 1
    local.get 2
    local.get 3
    i32.const 12
    i32.add
    call 2
    local.get 3
    i32.const 16
    i32.add
    global.set 0
  )
  (func (;12;) (type 5) (param i32 i32)
    local.get 0
    call 14
    i32.const 1351
    i32.const 1
    call 15
    i32.const 1488
    local.get 1
    call 15
    call 16
  )
  (func (;13;) (type 7) (param i32 i32) (result i32)
    (local i32 i32 i32 i32 i32)
    local.get 1
    call 17
    local.tee 4
    i32.const 0
    local.get 4
    i32.const 0
    i32.gt_s
    select
    local.set 5
    loop ;; label = @1
      local.get 0
      local.get 3
      local.get 4
      i32.add
      local.tee 6
      i32.ge_s
      if ;; label = @2
        i32.const 0
        local.set 2
        loop ;; label = @3
          block ;; label = @4
            local.get 2
            local.get 5
            i32.eq
            if ;; label = @5
              local.get 5
              local.set 2
              br 1 (;@4;)
            end
            local.get 2
            local.get 3
            i32.add
            i32.const 1488
            i32.add
            i32.load8_u
            local.get 1
            local.get 2
            i32.add
            i32.load8_u
            i32.ne
            br_if 0 (;@4;)
            local.get 2
            i32.const 1
            i32.add
            local.set 2
            br 1 (;@3;)
          end
        end
        local.get 3
        i32.const 1
        i32.add
        local.set 3
        local.get 2
        local.get 4
        i32.ne
        br_if 1 (;@1;)
      end
    end
    local.get 0
    local.get 6
    i32.ge_s
  )
  (func (;14;) (type 8) (param i32)
    local.get 0
    local.get 0
    call 17
    call 15
  )
  (func (;15;) (type 5) (param i32 i32)
    (local i32 i32 i32)
    i32.const 76624
    i32.load
    local.set 4
    loop ;; label = @1
      block ;; label = @2
        local.get 1
        local.get 2
        i32.gt_s
        if ;; label = @3
          local.get 2
          local.get 4
          i32.add
          local.tee 3
          i32.const 512
          i32.lt_s
          br_if 1 (;@2;)
        end
        return
      end
      local.get 3
      i32.const 76640
      i32.add
      local.get 0
      local.get 2
      i32.add
      i32.load8_u
      i32.store8
      i32.const 76624
      local.get 3
      i32.const 1
      i32.add
      i32.store
      local.get 2
      i32.const 1
      i32.add
      local.set 2
      br 0 (;@1;)
    end
    unreachable
  )
  (func (;16;) (type 4)
    i32.const 2
    i32.const 76640
    i32.const 76624
    i32.load
    call 8
    drop
    i32.const 76624
    i32.const 0
    i32.store
  )
  (func (;17;) (type 3) (param i32) (result i32)
    (local i32 i32)
    loop ;; label = @1
      local.get 0
      local.get 1
      i32.add
      local.get 1
      i32.const 1
      i32.add
      local.set 1
      i32.load8_u
      br_if 0 (;@1;)
    end
    local.get 1
    i32.const 1
    i32.sub
  )
  (data (;0;) (i32.const 1024) "{\22value\22:1}\00{\22key\22:\22transport\22,\22value\22:\22websocket\22}\00{\22key\22:\22model\22,\22value\22:\22listener\22}\00{\22strategy\22:\22other\22}\00{\22type\22:\22other\22}\00{\22strategy\22:\22manual\22}\00bad_strategy\00no_key\00transport\00segment\00wait\00connect\00status\00clear\00event_unknown\00connect_again\00model\00autoflush\00close\00write_before\00read_before\00completed\00write_closed\00read_closed\00delta\00=\00-\00\22type\22:\22conversation.item.input_audio_transcription.completed\22\00\22type\22:\22conversation.item.input_audio_transcription.delta\22")
)
